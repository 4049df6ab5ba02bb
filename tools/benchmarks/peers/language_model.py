"""A language model of characters over PyTorch's own recurrent layers: what workloads W3 and W4 share."""

VOCABULARY, EMBEDDING, HIDDEN, LAYERS, STEPS, BATCH = 96, 128, 256, 2, 64, 32


def build(torch, compiled, layers):
    """A training step and an inference of one row; layers is torch.nn.LSTM or torch.nn.GRU."""

    class LanguageModel(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = torch.nn.Embedding(VOCABULARY, EMBEDDING)
            self.layers = layers(EMBEDDING, HIDDEN, LAYERS, batch_first=True)
            self.dense = torch.nn.Linear(HIDDEN, VOCABULARY)

        def forward(self, text):
            return self.dense(self.layers(self.embedding(text))[0])

    model = LanguageModel()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-5)
    loss_of = torch.nn.CrossEntropyLoss()
    texts = [torch.randint(0, VOCABULARY, (BATCH, STEPS)) for _ in range(4)]
    following = [torch.randint(0, VOCABULARY, (BATCH, STEPS)) for _ in range(4)]
    forward = compiled(model)

    def step(i):
        optimizer.zero_grad(set_to_none=True)
        logits = forward(texts[i % 4])
        loss = loss_of(logits.reshape(-1, VOCABULARY), following[i % 4].reshape(-1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5)
        optimizer.step()
        return loss.item()

    row = texts[0][:1].contiguous()
    return step, lambda _: forward(row).argmax(-1)
