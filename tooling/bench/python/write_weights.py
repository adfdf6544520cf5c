"""PARENT: its safetensors/model.safetensors again as PyTorch/pytorch_model.bin and NumPy/model.npz."""

import sys
from pathlib import Path

import numpy
import torch
from safetensors.torch import load_file

parent = Path(sys.argv[1])
tensors = load_file(parent / "safetensors" / "model.safetensors")
torch.save(tensors, parent / "PyTorch" / "pytorch_model.bin")
numpy.savez(parent / "NumPy" / "model.npz", **{name: tensor.numpy() for name, tensor in tensors.items()})
