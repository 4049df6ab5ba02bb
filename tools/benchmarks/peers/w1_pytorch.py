#!/usr/bin/env python3
"""Workload W1 in PyTorch: MLP 784-512-256-10, ReLU, softmax cross-entropy, Adam, single precision.

Prints one JSON line: the milliseconds of a training step (forward, backward and update of a batch of 128; four batches
in memory, taken in turn) and of an inference of one row, each the median of some seconds, and the fastest tenth, which
says more where other programs share the machine. ../README.md says how to install PyTorch.
"""

import argparse
import json
import os
import statistics
import sys
import time


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=2, help="threads of the products and of everything else")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each of the two measurements takes")
    parser.add_argument("--compile", action="store_true", help="torch.compile instead of eager; needs PyTorch 2")
    return parser.parse_args()


def load_torch(threads):
    """The libraries below PyTorch read their number of threads once, when they are loaded."""
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ[library + "_NUM_THREADS"] = str(threads)
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    return torch


def blas(torch):
    """Which library computes the products: a slow one would make the comparison worthless."""
    if torch.backends.mkl.is_available():
        return "mkl"
    with open("/proc/self/maps") as maps:
        folders = {os.path.dirname(line.split()[-1]) for line in maps if "/libblas" in line}
    names = [os.path.basename(os.path.realpath(folder)) for folder in folders]
    if any(name.startswith("openblas") for name in names):
        return names[0]
    return "reference" if names else "unknown"


def mlp(torch):
    return torch.nn.Sequential(
        torch.nn.Linear(784, 512),
        torch.nn.ReLU(),
        torch.nn.Linear(512, 256),
        torch.nn.ReLU(),
        torch.nn.Linear(256, 10),
    )


def median_ms(run, seconds):
    """Runs for a fifth of the time to warm up, then times each run: the median, the fastest tenth, and how many."""
    warm = time.perf_counter() + seconds / 5
    run(0)
    while time.perf_counter() < warm:
        run(0)
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter()
        run(len(times))
        times.append((time.perf_counter() - begin) * 1e3)
    times.sort()
    return statistics.median(times), times[len(times) // 10], len(times)


def main():
    options = arguments()
    started = time.perf_counter()
    torch = load_torch(options.threads)
    library = blas(torch)
    if library in ("reference", "unknown"):
        print(f"warning: products run on a {library} BLAS; install OpenBLAS (see README.md)", file=sys.stderr)

    model = mlp(torch)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-5)
    loss_of = torch.nn.CrossEntropyLoss()
    images = [torch.randn(128, 784) for _ in range(4)]
    digits = [torch.randint(0, 10, (128,)) for _ in range(4)]
    forward = torch.compile(model) if options.compile else model

    def step(i):
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(forward(images[i % 4]), digits[i % 4])
        loss.backward()
        optimizer.step()
        return loss.item()

    step(0)
    first = time.perf_counter() - started
    step_ms, step_fast_ms, steps = median_ms(step, options.seconds)

    row = images[0][:1].contiguous()

    def infer(_):
        with torch.no_grad():
            return forward(row)

    infer_ms, infer_fast_ms, inferences = median_ms(infer, options.seconds)

    print(
        json.dumps(
            {
                "workload": "W1",
                "peer": "pytorch " + torch.__version__,
                "mode": "compile" if options.compile else "eager",
                "blas": library,
                "threads": options.threads,
                "step_ms": round(step_ms, 4),
                "step_fastest_tenth_ms": round(step_fast_ms, 4),
                "steps": steps,
                "batch1_ms": round(infer_ms, 5),
                "batch1_fastest_tenth_ms": round(infer_fast_ms, 5),
                "batch1_runs": inferences,
                "first_step_seconds": round(first, 3),
            }
        )
    )


if __name__ == "__main__":
    main()
