"""Encodes texts with sentence-transformers for a benchmark: a JSON list of texts a line in, {"time", "vectors"} a line out.

Arguments: model folder, number of threads. The first line out is {"name"}, when the model is loaded. Times are in
milliseconds and leave out the pipe.
"""

import json
import sys
import time

import sentence_transformers
import torch

folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
model = sentence_transformers.SentenceTransformer(folder, device="cpu")
name = f"sentence-transformers {sentence_transformers.__version__}, PyTorch {torch.__version__}"
print(json.dumps({"name": name}), flush=True)
for line in sys.stdin:
    texts = json.loads(line)
    begin = time.perf_counter()
    vectors = model.encode(texts, batch_size=len(texts), show_progress_bar=False, normalize_embeddings=True)
    elapsed = 1000 * (time.perf_counter() - begin)
    print(json.dumps({"time": elapsed, "vectors": vectors.tolist()}), flush=True)
