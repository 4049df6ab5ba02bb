#!/usr/bin/env python3
"""Workload W1 in PyTorch: MLP 784-512-256-10, ReLU, softmax cross-entropy, Adam, single precision.

Prints one JSON line: the milliseconds of a training step (forward, backward and update of a batch of 128; four batches
in memory, taken in turn) and of an inference of one row, each the median of some seconds, and the fastest tenth, which
says more where other programs share the machine. ../README.md says how to install PyTorch.
"""

from peer import measure


def build(torch, compiled):
    model = torch.nn.Sequential(
        torch.nn.Linear(784, 512),
        torch.nn.ReLU(),
        torch.nn.Linear(512, 256),
        torch.nn.ReLU(),
        torch.nn.Linear(256, 10),
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-5)
    loss_of = torch.nn.CrossEntropyLoss()
    images = [torch.randn(128, 784) for _ in range(4)]
    digits = [torch.randint(0, 10, (128,)) for _ in range(4)]
    forward = compiled(model)

    def step(i):
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(forward(images[i % 4]), digits[i % 4])
        loss.backward()
        optimizer.step()
        return loss.item()

    row = images[0][:1].contiguous()
    return step, lambda _: forward(row)


if __name__ == "__main__":
    measure("W1", __doc__.splitlines()[0], build)
