import { expect, test } from "@jest/globals";
import { numbersByQuery } from "./by-query.js";
import { readTrecQrels, readTrecRun } from "./trec.js";

test("judgements and runs become numbers by query and document", async () => {
  expect(await numbersByQuery(readTrecQrels("1 0 a 2\n2 0 a 0\n1 0 b -1"))).toEqual(
    new Map([
      [
        "1",
        new Map([
          ["a", 2],
          ["b", -1],
        ]),
      ],
      ["2", new Map([["a", 0]])],
    ]),
  );
  expect(await numbersByQuery(readTrecRun("__proto__ Q0 a 1 0.5 r"))).toEqual(
    new Map([["__proto__", new Map([["a", 0.5]])]]),
  );
  expect(await numbersByQuery(readTrecRun(""))).toEqual(new Map());
});

test("a document that comes twice for a query is an error, for two queries it is none", async () => {
  const twice = numbersByQuery(readTrecQrels("1 0 a 1\n2 0 a 1\n1 0 a 0"));
  await expect(twice).rejects.toMatchObject({
    code: "value",
    message: 'line 3: wanted each document once for a query, came "a" again for "1"',
  });
});
