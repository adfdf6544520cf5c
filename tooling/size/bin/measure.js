import { text } from "node:stream/consumers";
import { measurePage } from "../src/measure-page.js";

// A page's code on standard input; as JSON, how large it becomes with what it imports.

console.log(JSON.stringify(await measurePage(await text(process.stdin))));
