import { describeBackend } from "../testing/describe-backend.js";
import { openReference } from "./open-reference.js";

await describeBackend("reference", () => openReference());
