"""Tokenises texts with Hugging Face's tokenizers for a benchmark: JSON lines in, JSON lines out.

Argument: a tokenizer.json. The first line out is {"name"}. The first line in is the list of texts, and the answer their
ids; every further line has them tokenised again, and the answer is how many milliseconds that took, without the pipe.
"""

import json
import sys
import time

import tokenizers

batch = 1000
tokenizer = tokenizers.Tokenizer.from_file(sys.argv[1])
print(json.dumps({"name": f"tokenizers {tokenizers.__version__} (Rust, from Python)"}), flush=True)
texts = json.loads(sys.stdin.readline())
batches = [texts[i : i + batch] for i in range(0, len(texts), batch)]
ids = [encoding.ids for some in batches for encoding in tokenizer.encode_batch(some)]
print(json.dumps(ids), flush=True)
for _ in sys.stdin:
    begin = time.perf_counter()
    for some in batches:
        tokenizer.encode_batch(some)
    print(json.dumps(1000 * (time.perf_counter() - begin)), flush=True)
