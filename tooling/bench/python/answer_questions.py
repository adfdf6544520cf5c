"""Answers questions with transformers' question-answering pipeline for a benchmark: JSON lines in, JSON lines out.

Arguments: model folder, number of threads, windows of a batch. A line in is a list of {"question", "context"}, a line
out {"time", "answers"}: the best answer's text for each question. The first line out is {"name"}, when the model is
loaded. Times are in milliseconds and leave out the pipe. Needs transformers 4: version 5 has no such pipeline any more.
"""

import json
import sys
import time

import torch
import transformers

folder, threads, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
answer = transformers.pipeline("question-answering", model=folder, device="cpu")
name = f"transformers {transformers.__version__}, PyTorch {torch.__version__}"
print(json.dumps({"name": name}), flush=True)
for line in sys.stdin:
    questions = json.loads(line)
    begin = time.perf_counter()
    found = answer(
        questions, batch_size=batch, max_seq_len=384, doc_stride=128, max_answer_len=30, align_to_words=False
    )
    elapsed = 1000 * (time.perf_counter() - begin)
    answers = [best["answer"] for best in (found if isinstance(found, list) else [found])]
    print(json.dumps({"time": elapsed, "answers": answers}), flush=True)
