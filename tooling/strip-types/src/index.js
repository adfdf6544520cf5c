import { register } from "node:module";

// Importing this lets a program import TypeScript sources, as the test fixtures are, on every Node from 20 on.
register("./hooks.js", import.meta.url);
