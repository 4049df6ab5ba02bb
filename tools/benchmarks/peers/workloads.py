"""The workloads, whatever the framework: sizes of the models, data, and how they are trained."""

from dataclasses import dataclass
from typing import Callable

import numpy

LEARNING_RATE = 1e-5  # so small that the weights hardly move: every step costs the same
BATCHES = 4


@dataclass(frozen=True)
class Workload:
    """One workload. A batch is the model's inputs, then the targets."""

    sizes: dict
    batch: Callable
    clip: float | None = None  # greatest norm of all gradients together
    weight_decay: float | None = None  # Adam if None, else AdamW

    def batches(self):
        random = numpy.random.default_rng(1)
        return [self.batch(random) for _ in range(BATCHES)]


def pictures(batch, *shape):
    return lambda random: (
        random.standard_normal((batch, *shape), dtype=numpy.float32),
        random.integers(0, 10, batch, dtype=numpy.int32),
    )


def texts(batch, *columns):
    """Columns of symbols: of each its vocabulary and how many steps it has."""
    return lambda random: tuple(
        random.integers(0, vocabulary, (batch, steps), dtype=numpy.int32) for vocabulary, steps in columns
    )


CHARACTERS = dict(vocabulary=96, embedding=128, hidden=256)

WORKLOADS = {
    "W1": Workload(dict(widths=(784, 512, 256, 10)), pictures(128, 784)),
    "W2": Workload(dict(channels=(1, 32, 64), kernel=5, features=7 * 7 * 64, dense=1024, classes=10), pictures(64, 1, 28, 28)),
    "W3": Workload(dict(**CHARACTERS, layers=2), texts(32, (96, 64), (96, 64)), clip=5),
    "W4": Workload(dict(**CHARACTERS, layers=2), texts(32, (96, 64), (96, 64)), clip=5),
    "W5": Workload(dict(vocabulary=5000, embedding=100, hidden=128, tags=17), texts(32, (5000, 40), (17, 40))),
    "W6": Workload(
        dict(vocabulary=4000, embedding=128, hidden=256),
        texts(64, (4000, 20), (4000, 20), (4000, 20)),
    ),
    "W7": Workload(
        dict(vocabulary=4000, width=256, heads=8, inner=1024, layers=3, steps=32),
        texts(32, (4000, 32), (4000, 32), (4000, 32)),
    ),
    "W8": Workload(
        dict(vocabulary=96, width=384, heads=6, layers=6, context=256),
        texts(8, (96, 256), (96, 256)),
        weight_decay=0.01,
    ),
    "W9": Workload(CHARACTERS, texts(32, (96, 64), (96, 64))),
}
