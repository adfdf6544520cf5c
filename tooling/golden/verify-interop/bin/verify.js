import { environmentOf, findPython, verify } from "../src/verify.js";

// `npm run verify`: writes a tiny BERT in every format and has Python's libraries read it. Needs a built repository.

const program = findPython();
if (program === undefined) throw new Error("this needs Python 3.11 with venv: name its program in PYTHON");
const found = environmentOf(program);
if ("problem" in found) throw new Error(found.problem);
const { passed, output } = verify(found.python);
console.log(output);
process.exitCode = passed ? 0 : 1;
