"""A workload in PyTorch, eager or compiled, as a process that serve.py's protocol drives."""

import serve

OPTIONS = serve.options(__doc__, ("eager", "compile", "script"))

import statistics
import sys

import torch
from torch.nn import functional as F

from pytorch_models import build
from workloads import LEARNING_RATE, WORKLOADS

LAYOUTS = {"channels first": torch.contiguous_format, "channels last": torch.channels_last}


class Training:
    """A model and all that a step of it needs."""

    def __init__(self, name, mode):
        self.workload = WORKLOADS[name]
        self.model = build(name, self.workload.sizes)
        if mode == "script":
            self.model.cell = torch.jit.script(self.model.cell)
        self.batches = [
            [torch.from_numpy(array).long() if array.dtype.kind == "i" else torch.from_numpy(array) for array in batch]
            for batch in self.workload.batches()
        ]
        self.loss, self.guess = self.loss_eagerly, self.guess_eagerly
        if mode == "compile":
            # Each shape has a graph of its own: with dynamic shapes the inference of one row would slow the step.
            self.loss = torch.compile(self.loss_eagerly, dynamic=False)
            self.guess = torch.compile(self.guess_eagerly, dynamic=False)
        self.use(torch.contiguous_format)

    def use(self, layout):
        """Lays four-dimensional weights and inputs out in this way, and starts the optimizer anew."""
        self.model.to(memory_format=layout)
        for batch in self.batches:
            batch[:] = [part.contiguous(memory_format=layout) if part.dim() == 4 else part for part in batch]
        self.row = [part[:1].clone() for part in self.batches[0][:-1]]
        # The fused update takes a third to a sixth of the time of the others (foreach, and parameter by parameter).
        decay = self.workload.weight_decay
        options = {} if decay is None else {"weight_decay": decay}
        kind = torch.optim.Adam if decay is None else torch.optim.AdamW
        self.optimizer = kind(self.model.parameters(), lr=LEARNING_RATE, fused=True, **options)

    def loss_eagerly(self, *batch):
        return F.cross_entropy(self.model(*batch[:-1]).flatten(0, -2), batch[-1].flatten())

    def guess_eagerly(self, *inputs):
        return self.model(*inputs).argmax(-1)

    def step(self, i):
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss(*self.batches[i % len(self.batches)])
        loss.backward()
        if self.workload.clip:
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.workload.clip, foreach=True)
        self.optimizer.step()
        return loss.item()

    @torch.inference_mode()
    def infer(self):
        return self.guess(*self.row)

    def choose_layout(self):
        """The layout whose steps are the quicker ones, by a short trial."""
        milliseconds = {}
        for name, layout in LAYOUTS.items():
            self.use(layout)
            self.step(0)
            milliseconds[name] = statistics.median(serve.times(lambda: self.step(0), 0.5))
        best = min(milliseconds, key=milliseconds.get)
        self.use(LAYOUTS[best])
        return best


def second_biases(part):
    """How many biases of a recurrent layer do no more than add to another; the candidate of a GRU needs both, since the reset gate is between them."""
    share = {torch.nn.LSTM: 1, torch.nn.GRU: 2 / 3}.get(type(part), 0)
    return round(share * sum(values.numel() for name, values in part.named_parameters(recurse=False) if "bias_hh" in name))


def main():
    if OPTIONS.mode == "script" and OPTIONS.workload != "W9":
        sys.exit(f"expected W9, whose cell is written by hand, for --mode script, found {OPTIONS.workload}; use eager or compile")
    torch.set_num_threads(OPTIONS.threads)
    torch.manual_seed(1)
    training = Training(OPTIONS.workload, OPTIONS.mode)
    training.step(0)
    hello = {
        "workload": OPTIONS.workload,
        "peer": "pytorch " + torch.__version__.split("+")[0],
        "mode": OPTIONS.mode,
        "blas": serve.blas(torch),
        "threads": OPTIONS.threads,
        "parameters": sum(parameter.numel() for parameter in training.model.parameters()),
        "second_biases": sum(second_biases(part) for part in training.model.modules()),
        "first_step_s": serve.since_start(),
    }
    if OPTIONS.workload == "W2":
        hello["layout"] = training.choose_layout()
    training.infer()
    serve.serve(hello, training.step, training.infer)


if __name__ == "__main__":
    main()
