// Program: nothing. What Node itself takes.
import { giveResult } from "../in-child.js";
import { residentMemory } from "../resident-memory.js";

giveResult(residentMemory().resident);
