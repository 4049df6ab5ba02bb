"""The models of the workloads in JAX: for each a function that makes the parameters and one from inputs to logits."""

import math

import jax
import numpy
from jax import lax, nn
from jax import numpy as jnp


class Init:
    """Makes parameters; numpy draws them, so that nothing is compiled for it."""

    def __init__(self):
        self.random = numpy.random.default_rng(2)

    def uniform(self, fan_in, *shape):
        bound = fan_in**-0.5
        return self.random.uniform(-bound, bound, shape).astype(numpy.float32)

    def normal(self, *shape, std=1.0):
        return self.random.standard_normal(shape, numpy.float32) * numpy.float32(std)

    def zeros(self, *shape):
        return numpy.zeros(shape, numpy.float32)

    def dense(self, inputs, outputs):
        return {"w": self.uniform(inputs, inputs, outputs), "b": self.uniform(inputs, outputs)}

    def norm(self, width):
        return {"scale": numpy.ones(width, numpy.float32), "shift": self.zeros(width)}


def dense(p, x):
    return x @ p["w"] + p["b"]


def layer_norm(p, x):
    mean = x.mean(-1, keepdims=True)
    variance = jnp.square(x - mean).mean(-1, keepdims=True)
    return (x - mean) * lax.rsqrt(variance + 1e-5) * p["scale"] + p["shift"]


class Perceptron:
    def __init__(self, widths):
        self.widths = widths

    def parameters(self, init):
        return [init.dense(*pair) for pair in zip(self.widths, self.widths[1:])]

    def logits(self, p, x):
        for layer in p[:-1]:
            x = nn.relu(dense(layer, x))
        return dense(p[-1], x)


class Convolutional:
    """Channels last, and filters as height x width x inputs x outputs."""

    def __init__(self, channels, kernel, features, dense, classes):
        self.channels, self.kernel = channels, kernel
        self.widths = features, dense, classes

    def parameters(self, init):
        k = self.kernel
        convolutions = [
            {"w": init.uniform(k * k * inputs, k, k, inputs, outputs), "b": init.uniform(k * k * inputs, outputs)}
            for inputs, outputs in zip(self.channels, self.channels[1:])
        ]
        return {"convolutions": convolutions, "dense": Perceptron(self.widths).parameters(init)}

    def logits(self, p, x):
        x = x.transpose(0, 2, 3, 1)
        for layer in p["convolutions"]:
            x = lax.conv_general_dilated(x, layer["w"], (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
            x = pool(nn.relu(x + layer["b"]))
        return Perceptron(self.widths).logits(p["dense"], x.reshape(x.shape[0], -1))


def pool(x):
    batch, height, width, channels = x.shape
    return x.reshape(batch, height // 2, 2, width // 2, 2, channels).max((2, 4))


class Lstm:
    """Steps first. One bias a gate."""

    gates, biases = 4, 4

    def __init__(self, inputs, hidden):
        self.inputs, self.hidden = inputs, hidden

    def parameters(self, init):
        return {
            "input": init.uniform(self.hidden, self.inputs, self.gates * self.hidden),
            "recurrent": init.uniform(self.hidden, self.hidden, self.gates * self.hidden),
            "b": init.uniform(self.hidden, self.biases * self.hidden),
        }

    def start(self, batch):
        zeros = jnp.zeros((batch, self.hidden))
        return zeros, zeros

    def step(self, p, state, x):
        h, c = state
        i, f, o, g = jnp.split(x @ p["input"] + h @ p["recurrent"] + p["b"], 4, -1)
        c = nn.sigmoid(f) * c + nn.sigmoid(i) * jnp.tanh(g)
        h = nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    def states(self, p, x, start=None, reverse=False):
        """The states of all steps."""
        start = self.start(x.shape[1]) if start is None else start
        return lax.scan(lambda state, now: self.step(p, state, now), start, x, reverse=reverse)[1]


class Gru(Lstm):
    """PyTorch's form: the reset gate acts behind the product, which has a bias of its own."""

    gates, biases = 3, 4

    def start(self, batch):
        return jnp.zeros((batch, self.hidden))

    def step(self, p, h, x):
        b, own = jnp.split(p["b"], (3 * self.hidden,))
        xr, xz, xn = jnp.split(x @ p["input"] + b, 3, -1)
        hr, hz, hn = jnp.split(h @ p["recurrent"], 3, -1)
        r, z = nn.sigmoid(xr + hr), nn.sigmoid(xz + hz)
        n = jnp.tanh(xn + r * (hn + own))
        h = (1 - z) * n + z * h
        return h, h


class Peephole(Lstm):
    """An LSTM whose gates see the cell through diagonal weights (Gers, Schmidhuber 2000)."""

    def parameters(self, init):
        return super().parameters(init) | {"peepholes": init.zeros(3, self.hidden)}

    def step(self, p, state, x):
        h, c = state
        see_in, see_forget, see_out = p["peepholes"]
        i, f, o, g = jnp.split(x @ p["input"] + h @ p["recurrent"] + p["b"], 4, -1)
        c = nn.sigmoid(f + see_forget * c) * c + nn.sigmoid(i + see_in * c) * jnp.tanh(g)
        h = nn.sigmoid(o + see_out * c) * jnp.tanh(c)
        return (h, c), h


class LanguageModel:
    """One scan a layer, over the steps."""

    def __init__(self, layer, vocabulary, embedding, hidden, layers=1):
        self.vocabulary, self.embedding, self.hidden = vocabulary, embedding, hidden
        self.layers = [layer(inputs, hidden) for inputs in [embedding] + [hidden] * (layers - 1)]

    def parameters(self, init):
        return {
            "embedding": init.normal(self.vocabulary, self.embedding),
            "layers": [layer.parameters(init) for layer in self.layers],
            "dense": init.dense(self.hidden, self.vocabulary),
        }

    def logits(self, p, text):
        x = p["embedding"][text.T]
        for layer, parameters in zip(self.layers, p["layers"]):
            x = layer.states(parameters, x)
        return dense(p["dense"], x).swapaxes(0, 1)


class Tagger:
    def __init__(self, vocabulary, embedding, hidden, tags):
        self.vocabulary, self.embedding, self.hidden, self.tags = vocabulary, embedding, hidden, tags
        self.layer = Lstm(embedding, hidden)

    def parameters(self, init):
        return {
            "embedding": init.normal(self.vocabulary, self.embedding),
            "forward": self.layer.parameters(init),
            "backward": self.layer.parameters(init),
            "dense": init.dense(2 * self.hidden, self.tags),
        }

    def logits(self, p, words):
        x = p["embedding"][words.T]
        there = self.layer.states(p["forward"], x)
        back = self.layer.states(p["backward"], x, reverse=True)
        return dense(p["dense"], jnp.concatenate((there, back), -1)).swapaxes(0, 1)


class Translator:
    """Sequence to sequence with dot attention (Luong et al. 2015), without input feeding."""

    def __init__(self, vocabulary, embedding, hidden):
        self.vocabulary, self.embedding, self.hidden = vocabulary, embedding, hidden
        self.layer = Gru(embedding, hidden)

    def parameters(self, init):
        return {
            "source": init.normal(self.vocabulary, self.embedding),
            "target": init.normal(self.vocabulary, self.embedding),
            "encoder": self.layer.parameters(init),
            "decoder": self.layer.parameters(init),
            "combine": init.dense(2 * self.hidden, self.hidden),
            "dense": init.dense(self.hidden, self.vocabulary),
        }

    def logits(self, p, source, target):
        states = self.layer.states(p["encoder"], p["source"][source.T])
        queries = self.layer.states(p["decoder"], p["target"][target.T], states[-1]).swapaxes(0, 1)
        states = states.swapaxes(0, 1)
        context = nn.softmax(queries @ states.mT) @ states
        return dense(p["dense"], jnp.tanh(dense(p["combine"], jnp.concatenate((context, queries), -1))))


def attention(p, x, memory, heads, causal=False):
    """Attention of several heads of x to the memory. Heads stand before steps: XLA's products of batches want it so."""
    batch, steps, width = x.shape
    size = width // heads

    def split(y):
        return y.reshape(batch, -1, heads, size).transpose(0, 2, 1, 3)

    if x is memory:
        queries, keys, values = map(split, jnp.split(dense(p["queries_keys_values"], x), 3, -1))
    else:
        queries = split(dense(p["queries"], x))
        keys, values = map(split, jnp.split(dense(p["keys_values"], memory), 2, -1))
    scores = (queries * size**-0.5) @ keys.mT
    if causal:
        scores = jnp.where(numpy.tri(steps, dtype=bool), scores, -jnp.inf)
    context = nn.softmax(scores) @ values
    return dense(p["out"], context.transpose(0, 2, 1, 3).reshape(batch, steps, width))


def attention_parameters(init, width, crossed=False):
    out = {"out": init.dense(width, width)}
    if crossed:
        return out | {"queries": init.dense(width, width), "keys_values": init.dense(width, 2 * width)}
    return out | {"queries_keys_values": init.dense(width, 3 * width)}


def feed_forward(p, x, activation):
    return dense(p["down"], activation(dense(p["up"], x)))


def feed_forward_parameters(init, width, inner):
    return {"up": init.dense(width, inner), "down": init.dense(inner, width)}


class Transformer:
    """Post-norm (Vaswani et al. 2017). One embedding serves both sides and, transposed, the output."""

    def __init__(self, vocabulary, width, heads, inner, layers, steps):
        self.vocabulary, self.width, self.heads, self.inner, self.layers = vocabulary, width, heads, inner, layers
        self.positions = sinusoids(steps, width)

    def parameters(self, init):
        def layer(crossed):
            sublayers = {"attention": attention_parameters(init, self.width)}
            if crossed:
                sublayers["cross"] = attention_parameters(init, self.width, crossed=True)
            sublayers["dense"] = feed_forward_parameters(init, self.width, self.inner)
            return sublayers | {name + "_norm": init.norm(self.width) for name in sublayers}

        return {
            "embedding": init.normal(self.vocabulary, self.width, std=self.width**-0.5),
            "encoder": [layer(crossed=False) for _ in range(self.layers)],
            "decoder": [layer(crossed=True) for _ in range(self.layers)],
        }

    def logits(self, p, source, target):
        memory, y = (p["embedding"][text] + self.positions for text in (source, target))
        for layer in p["encoder"]:
            memory = self.layer(layer, memory)
        for layer in p["decoder"]:
            y = self.layer(layer, y, memory)
        return y @ p["embedding"].T

    def layer(self, p, x, memory=None):
        """A layer of the decoder if there is a memory to attend to, else one of the encoder."""
        causal = memory is not None
        x = layer_norm(p["attention_norm"], x + attention(p["attention"], x, x, self.heads, causal))
        if causal:
            x = layer_norm(p["cross_norm"], x + attention(p["cross"], x, memory, self.heads))
        return layer_norm(p["dense_norm"], x + feed_forward(p["dense"], x, nn.relu))


def sinusoids(steps, width):
    angles = numpy.arange(steps)[:, None] * numpy.exp(numpy.arange(0, width, 2) * (-math.log(10000) / width))
    return numpy.stack((numpy.sin(angles), numpy.cos(angles)), -1).reshape(steps, width).astype(numpy.float32)


class Gpt:
    """Pre-norm, with exact GELU."""

    def __init__(self, vocabulary, width, heads, layers, context):
        self.vocabulary, self.width, self.heads, self.layers, self.context = vocabulary, width, heads, layers, context

    def parameters(self, init):
        return {
            "embedding": init.normal(self.vocabulary, self.width),
            "positions": init.normal(self.context, self.width, std=0.02),
            "layers": [
                {
                    "attention_norm": init.norm(self.width),
                    "attention": attention_parameters(init, self.width),
                    "dense_norm": init.norm(self.width),
                    "dense": feed_forward_parameters(init, self.width, 4 * self.width),
                }
                for _ in range(self.layers)
            ],
            "norm": init.norm(self.width),
            "out": init.uniform(self.width, self.width, self.vocabulary),
        }

    def logits(self, p, text):
        x = p["embedding"][text] + p["positions"]
        for layer in p["layers"]:
            normed = layer_norm(layer["attention_norm"], x)
            x = x + attention(layer["attention"], normed, normed, self.heads, causal=True)
            x = x + feed_forward(layer["dense"], layer_norm(layer["dense_norm"], x), gelu)
        return layer_norm(p["norm"], x) @ p["out"]


def gelu(x):
    return nn.gelu(x, approximate=False)


def build(workload, sizes):
    match workload:
        case "W1":
            return Perceptron(**sizes)
        case "W2":
            return Convolutional(**sizes)
        case "W3":
            return LanguageModel(Lstm, **sizes)
        case "W4":
            return LanguageModel(Gru, **sizes)
        case "W5":
            return Tagger(**sizes)
        case "W6":
            return Translator(**sizes)
        case "W7":
            return Transformer(**sizes)
        case "W8":
            return Gpt(**sizes)
        case "W9":
            return LanguageModel(Peephole, **sizes)
