"""A workload in JAX, a whole training step compiled by XLA, as a process that serve.py's protocol drives."""

import serve

OPTIONS = serve.options(__doc__, ("jit",))

import os

# XLA makes a thread for each core that the process may use, when it is loaded, and has no other dependable limit: its flag
# for products on one thread leaves the rest of a step on all of them.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: OPTIONS.threads])

from functools import partial

import jax
from jax import numpy as jnp

from jax_models import Init, build
from workloads import LEARNING_RATE, WORKLOADS


def cross_entropy(logits, targets):
    """The mean. The target's logit is picked by a mask: the gradient of an indexed look-up would be a slow scatter."""
    picked = jnp.where(targets[..., None] == jnp.arange(logits.shape[-1]), logits, 0).sum(-1)
    return jnp.mean(jax.nn.logsumexp(logits, axis=-1) - picked)


def clipped(gradients, limit):
    norm = jnp.sqrt(sum(jnp.vdot(g, g) for g in jax.tree.leaves(gradients)))
    scale = jnp.minimum(1, limit / (norm + 1e-6))
    return jax.tree.map(lambda g: g * scale, gradients)


def adam(parameters, moments, gradients, count, decay, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Adam with bias correction; with decay AdamW."""
    rate = LEARNING_RATE / (1 - beta1**count)
    correction = jax.lax.rsqrt(1 - beta2**count)

    def first(m, g):
        return beta1 * m + (1 - beta1) * g

    def second(v, g):
        return beta2 * v + (1 - beta2) * g * g

    def moved(p, m, v):
        return p * (1 - LEARNING_RATE * decay) - rate * m / (jnp.sqrt(v) * correction + epsilon)

    m, v = jax.tree.map(first, moments[0], gradients), jax.tree.map(second, moments[1], gradients)
    return jax.tree.map(moved, parameters, m, v), (m, v)


class Training:
    """A model and all that a step of it needs."""

    def __init__(self, name):
        self.workload = WORKLOADS[name]
        self.model = build(name, self.workload.sizes)
        self.parameters = jax.device_put(self.model.parameters(Init()))
        self.moments = tuple(jax.tree.map(jnp.zeros_like, self.parameters) for _ in range(2))
        self.count = jnp.zeros(())
        self.batches = jax.device_put(self.workload.batches())
        self.row = [part[:1] for part in self.batches[0][:-1]]

    @partial(jax.jit, static_argnums=0, donate_argnums=(1, 2, 3))
    def update(self, parameters, moments, count, batch):
        loss, gradients = jax.value_and_grad(lambda p: cross_entropy(self.model.logits(p, *batch[:-1]), batch[-1]))(parameters)
        if self.workload.clip:
            gradients = clipped(gradients, self.workload.clip)
        count = count + 1
        return *adam(parameters, moments, gradients, count, self.workload.weight_decay or 0), count, loss

    @partial(jax.jit, static_argnums=0)
    def guess(self, parameters, *inputs):
        return self.model.logits(parameters, *inputs).argmax(-1)

    def step(self, i):
        results = self.update(self.parameters, self.moments, self.count, self.batches[i % len(self.batches)])
        self.parameters, self.moments, self.count, loss = jax.block_until_ready(results)
        return float(loss)

    def infer(self):
        return self.guess(self.parameters, *self.row).block_until_ready()


def main():
    training = Training(OPTIONS.workload)
    training.step(0)
    hello = {
        "workload": OPTIONS.workload,
        "peer": "jax " + jax.__version__,
        "mode": OPTIONS.mode,
        "backend": "xla:" + jax.default_backend(),
        "threads": OPTIONS.threads,
        "parameters": sum(parameter.size for parameter in jax.tree.leaves(training.parameters)),
        "first_step_s": serve.since_start(),
    }
    training.infer()
    serve.serve(hello, training.step, training.infer)


if __name__ == "__main__":
    main()
