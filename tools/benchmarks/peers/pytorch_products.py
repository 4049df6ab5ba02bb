"""Matrix products in PyTorch, as a process that serve.py's protocol drives."""

import argparse

import serve

OPTIONS = serve.with_threads(argparse.ArgumentParser(description=__doc__))

import functools

import torch


def matrix(rows, columns, layout):
    """Random values; T: the view of what lies transposed in memory."""
    return torch.randn(rows, columns) if layout == "N" else torch.randn(columns, rows).t()


@functools.lru_cache(maxsize=1)
def operands(m, k, n, a, b):
    """A, B and the result, of the product that was asked for last."""
    return matrix(m, k, a), matrix(k, n, b), torch.empty(m, n)


def product(request):
    """The milliseconds of one call each: several of a small product between two looks at the clock."""
    left, right, result = operands(*(request[part] for part in ("m", "k", "n", "a", "b")))
    calls = range(request["calls"])

    def run():
        for _ in calls:
            torch.mm(left, right, out=result)

    return {"ms": [ms / len(calls) for ms in serve.times(run, request["seconds"])]}


def main():
    torch.set_num_threads(OPTIONS.threads)
    torch.manual_seed(1)
    hello = {
        "peer": "pytorch " + torch.__version__.split("+")[0],
        "mode": "eager",
        "blas": serve.blas(torch),
        "threads": OPTIONS.threads,
    }
    with torch.inference_mode():
        serve.answer_requests(hello, product=product)


if __name__ == "__main__":
    main()
