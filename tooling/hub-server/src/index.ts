export { type Content, filesIn, type HubFiles } from "./content.js";
export type { LoggedRequest } from "./exchange.js";
export type { Fault, Faults, Mishap, ServerName } from "./faults.js";
export type { HubModel } from "./repositories.js";
export { type Hub, type HubOptions, startHub } from "./start-hub.js";
