"""The models of the workloads as PyTorch modules: whole numbers or pictures in, logits out, classes last."""

import math

import torch
from torch import nn
from torch.nn import functional as F


class Perceptron(nn.Sequential):
    def __init__(self, widths):
        layers = []
        for inputs, outputs in zip(widths, widths[1:]):
            layers += [nn.Linear(inputs, outputs), nn.ReLU()]
        super().__init__(*layers[:-1])


class Convolutional(nn.Sequential):
    def __init__(self, channels, kernel, features, dense, classes):
        layers = []
        for inputs, outputs in zip(channels, channels[1:]):
            layers += [nn.Conv2d(inputs, outputs, kernel, padding="same"), nn.ReLU(), nn.MaxPool2d(2)]
        super().__init__(*layers, nn.Flatten(), nn.Linear(features, dense), nn.ReLU(), nn.Linear(dense, classes))


class LanguageModel(nn.Module):
    """layer is nn.LSTM or nn.GRU: one library call for all layers and steps."""

    def __init__(self, layer, vocabulary, embedding, hidden, layers):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.layers = layer(embedding, hidden, layers, batch_first=True)
        self.dense = nn.Linear(hidden, vocabulary)

    def forward(self, text):
        return self.dense(self.layers(self.embedding(text))[0])


class Tagger(nn.Module):
    def __init__(self, vocabulary, embedding, hidden, tags):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.both = nn.LSTM(embedding, hidden, bidirectional=True, batch_first=True)
        self.dense = nn.Linear(2 * hidden, tags)

    def forward(self, words):
        return self.dense(self.both(self.embedding(words))[0])


class Translator(nn.Module):
    """Sequence to sequence with dot attention (Luong et al. 2015), without input feeding: the decoder is one library call."""

    def __init__(self, vocabulary, embedding, hidden):
        super().__init__()
        self.source_embedding = nn.Embedding(vocabulary, embedding)
        self.target_embedding = nn.Embedding(vocabulary, embedding)
        self.encoder = nn.GRU(embedding, hidden, batch_first=True)
        self.decoder = nn.GRU(embedding, hidden, batch_first=True)
        self.combine = nn.Linear(2 * hidden, hidden)
        self.dense = nn.Linear(hidden, vocabulary)

    def forward(self, source, target):
        states, last = self.encoder(self.source_embedding(source))
        queries, _ = self.decoder(self.target_embedding(target), last)
        weights = torch.bmm(queries, states.transpose(1, 2)).softmax(-1)
        context = torch.bmm(weights, states)
        return self.dense(torch.tanh(self.combine(torch.cat((context, queries), -1))))


class Peephole(nn.Module):
    """An LSTM whose gates see the cell through diagonal weights (Gers, Schmidhuber 2000); no library has it."""

    def __init__(self, inputs, hidden):
        super().__init__()
        self.hidden = hidden
        self.input = nn.Linear(inputs, 4 * hidden)  # input, forget, output gate, candidate
        self.recurrent = nn.Parameter(torch.empty(hidden, 4 * hidden))
        self.peepholes = nn.Parameter(torch.zeros(3, hidden))
        nn.init.uniform_(self.recurrent, -(hidden**-0.5), hidden**-0.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        products = self.input(x.transpose(0, 1)).unbind(0)  # of all steps at once, before the loop
        see_in, see_forget, see_out = self.peepholes.unbind(0)
        h = torch.zeros(x.size(0), self.hidden)
        c = torch.zeros(x.size(0), self.hidden)
        states: list[torch.Tensor] = []
        for product in products:
            into, forget, out, candidate = torch.addmm(product, h, self.recurrent).chunk(4, 1)
            kept = torch.sigmoid(torch.addcmul(forget, see_forget, c)) * c
            c = torch.addcmul(kept, torch.sigmoid(torch.addcmul(into, see_in, c)), torch.tanh(candidate))
            h = torch.sigmoid(torch.addcmul(out, see_out, c)) * torch.tanh(c)
            states.append(h)
        return torch.stack(states, 1)


class PeepholeModel(nn.Module):
    def __init__(self, vocabulary, embedding, hidden):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.cell = Peephole(embedding, hidden)
        self.dense = nn.Linear(hidden, vocabulary)

    def forward(self, text):
        return self.dense(self.cell(self.embedding(text)))


class Attention(nn.Module):
    """Attention of several heads over the library's fused kernel."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.queries_keys_values = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x, causal=False):
        return self.attend(*self.queries_keys_values(x).chunk(3, -1), causal)

    def attend(self, queries, keys, values, causal):
        queries, keys, values = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in (queries, keys, values))
        context = F.scaled_dot_product_attention(queries, keys, values, is_causal=causal)
        return self.out(context.transpose(1, 2).flatten(2))


class CrossAttention(Attention):
    def __init__(self, width, heads):
        nn.Module.__init__(self)
        self.heads = heads
        self.queries = nn.Linear(width, width)
        self.keys_values = nn.Linear(width, 2 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x, memory):
        return self.attend(self.queries(x), *self.keys_values(memory).chunk(2, -1), causal=False)


def feed_forward(width, inner, activation):
    return nn.Sequential(nn.Linear(width, inner), activation, nn.Linear(inner, width))


class EncoderLayer(nn.Module):
    """Post-norm, as in Vaswani et al. 2017."""

    def __init__(self, width, heads, inner):
        super().__init__()
        self.attention = Attention(width, heads)
        self.attention_norm = nn.LayerNorm(width)
        self.dense = feed_forward(width, inner, nn.ReLU())
        self.dense_norm = nn.LayerNorm(width)

    def forward(self, x):
        x = self.attention_norm(x + self.attention(x))
        return self.dense_norm(x + self.dense(x))


class DecoderLayer(nn.Module):
    def __init__(self, width, heads, inner):
        super().__init__()
        self.attention = Attention(width, heads)
        self.attention_norm = nn.LayerNorm(width)
        self.cross = CrossAttention(width, heads)
        self.cross_norm = nn.LayerNorm(width)
        self.dense = feed_forward(width, inner, nn.ReLU())
        self.dense_norm = nn.LayerNorm(width)

    def forward(self, x, memory):
        x = self.attention_norm(x + self.attention(x, causal=True))
        x = self.cross_norm(x + self.cross(x, memory))
        return self.dense_norm(x + self.dense(x))


class Transformer(nn.Module):
    """One embedding serves both sides and, transposed, the output; the positions are sines."""

    def __init__(self, vocabulary, width, heads, inner, layers, steps):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        nn.init.normal_(self.embedding.weight, std=width**-0.5)
        self.register_buffer("positions", sinusoids(steps, width))
        self.encoder = nn.ModuleList(EncoderLayer(width, heads, inner) for _ in range(layers))
        self.decoder = nn.ModuleList(DecoderLayer(width, heads, inner) for _ in range(layers))

    def forward(self, source, target):
        memory, y = self.place(source), self.place(target)
        for layer in self.encoder:
            memory = layer(memory)
        for layer in self.decoder:
            y = layer(y, memory)
        return F.linear(y, self.embedding.weight)

    def place(self, text):
        return self.embedding(text) + self.positions[: text.size(1)]


def sinusoids(steps, width):
    angles = torch.arange(steps)[:, None] * torch.exp(torch.arange(0, width, 2) * (-math.log(10000) / width))
    return torch.stack((angles.sin(), angles.cos()), -1).flatten(1)


class GptLayer(nn.Module):
    """Pre-norm, with exact GELU."""

    def __init__(self, width, heads):
        super().__init__()
        self.attention_norm = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.dense_norm = nn.LayerNorm(width)
        self.dense = feed_forward(width, 4 * width, nn.GELU())

    def forward(self, x):
        x = x + self.attention(self.attention_norm(x), causal=True)
        return x + self.dense(self.dense_norm(x))


class Gpt(nn.Module):
    def __init__(self, vocabulary, width, heads, layers, context):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(torch.empty(context, width).normal_(std=0.02))
        self.layers = nn.Sequential(*(GptLayer(width, heads) for _ in range(layers)))
        self.norm = nn.LayerNorm(width)
        self.dense = nn.Linear(width, vocabulary, bias=False)

    def forward(self, text):
        x = self.embedding(text) + self.positions[: text.size(1)]
        return self.dense(self.norm(self.layers(x)))


def build(workload, sizes):
    match workload:
        case "W1":
            return Perceptron(**sizes)
        case "W2":
            return Convolutional(**sizes)
        case "W3":
            return LanguageModel(nn.LSTM, **sizes)
        case "W4":
            return LanguageModel(nn.GRU, **sizes)
        case "W5":
            return Tagger(**sizes)
        case "W6":
            return Translator(**sizes)
        case "W7":
            return Transformer(**sizes)
        case "W8":
            return Gpt(**sizes)
        case "W9":
            return PeepholeModel(**sizes)
