"""The protocol that all peers speak: options in, one JSON line at the start, then an answer to each request.

../README.md describes it. This module is imported first: the time to the first step counts from here.
"""

import time

STARTED = time.perf_counter()  # before anything slow is imported

import argparse
import itertools
import json
import os
import re
import sys


def options(description, modes):
    """Reads the command line of a workload."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("workload", choices=[f"W{number}" for number in range(1, 10)])
    parser.add_argument("--mode", choices=modes, default=modes[0])
    return with_threads(parser)


def with_threads(parser):
    """Reads the command line; says to every library below how many threads it has, before one of them is loaded.

    OMP_WAIT_POLICY stays unset. By default the threads of OpenMP (libgomp, in PyTorch's packages) spin for some
    milliseconds and then sleep: a process that waits for its next request uses 0-10 ms of processor time a second. With
    PASSIVE, a step on two threads takes longer: W1 5.6 ms instead of 2.8, W3 136 instead of 103.
    """
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    for library in ("OMP", "MKL", "OPENBLAS"):
        os.environ[library + "_NUM_THREADS"] = str(chosen.threads)
    return chosen


def since_start():
    return round(time.perf_counter() - STARTED, 3)


def serve(hello, step, infer):
    """Prints the hello, then answers requests until the input ends. step(i) is training step i; infer() is one inference."""
    count = itertools.count(1)  # step 0 was before the hello
    answer_requests(
        hello,
        step=lambda request: {"ms": times(lambda: step(next(count)), request["seconds"])},
        infer=lambda request: {"ms": times(infer, request["seconds"])},
        memory=lambda request: {"peak_mb": peak_megabytes()},
    )


def answer_requests(hello, **kinds):
    """Prints the hello, then answers requests, each of one of these kinds, until the input ends."""
    answer(hello)
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] not in kinds:
            sys.exit(f'expected one of {", ".join(kinds)}, found "{request["do"]}"')
        answer(kinds[request["do"]](request))


def blas(torch):
    """Which library computes PyTorch's products: a slow one would make the comparison worthless."""
    return re.search(r"BLAS_INFO=(\w+)", torch.__config__.show()).group(1)


def answer(content):
    print(json.dumps(content), flush=True)


def times(run, seconds):
    """The milliseconds of each of as many runs as it takes to fill these seconds, at least one."""
    milliseconds = []
    begin = time.perf_counter()
    end = begin + seconds
    while not milliseconds or begin < end:
        run()
        now = time.perf_counter()
        milliseconds.append(round((now - begin) * 1e3, 4))
        begin = now
    return milliseconds


def peak_megabytes():
    with open("/proc/self/status") as status:
        kilobytes = next(line.split()[1] for line in status if line.startswith("VmHWM"))
    return round(int(kilobytes) / 1024, 1)
