"""What all workloads in PyTorch share: options, threads, timing, and the JSON line that they print."""

import argparse
import json
import os
import statistics
import sys
import time


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
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


def measure(workload, description, build):
    """Prints a workload's times. build(torch, compiled) gives a training step and an inference of one row, both of a number."""
    options = arguments(description)
    started = time.perf_counter()
    torch = load_torch(options.threads)
    library = blas(torch)
    if library in ("reference", "unknown"):
        print(f"warning: products run on a {library} BLAS; install OpenBLAS (see README.md)", file=sys.stderr)
    step, infer = build(torch, torch.compile if options.compile else lambda model: model)
    step(0)
    first = time.perf_counter() - started
    step_ms, step_fast_ms, steps = median_ms(step, options.seconds)
    with torch.no_grad():
        infer_ms, infer_fast_ms, inferences = median_ms(infer, options.seconds)
    print(
        json.dumps(
            {
                "workload": workload,
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
