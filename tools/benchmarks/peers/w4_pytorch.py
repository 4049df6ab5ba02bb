#!/usr/bin/env python3
"""Workload W4 in PyTorch: a language model of characters, two layers of nn.GRU(256), 64 steps, batch 32, Adam.

Prints one JSON line, as w1_pytorch.py does.
"""

from language_model import build
from peer import measure

if __name__ == "__main__":
    measure("W4", __doc__.splitlines()[0], lambda torch, compiled: build(torch, compiled, torch.nn.GRU))
