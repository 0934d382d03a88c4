"""The rows in PyTorch, as its tutorials write them: eager, torch.nn layers, torch.optim.Adam."""

import copy
import itertools
import os

import torch
import whole
from protocol import material, matrix_peak, serve, timed
from torch import nn

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
# As TensorFlow does by default: numbers below 1e-38 count as 0, or some products take ten times as long.
if not torch.set_flush_denormal(True):
    raise RuntimeError("this processor cannot flush denormal numbers to zero")
PEAK_SIZE = 2048
DEVICE = os.environ.get("BENCH_DEVICE", "cpu")


def keras_gru_order(array):
    """Columns z r h of Keras as rows r z n of PyTorch."""
    z, r, h = torch.tensor(array).chunk(3, dim=-1)
    return torch.cat([r, z, h], dim=-1)


class SoftmaxLSTM(nn.Module):
    """PyTorch's LSTM has tanh alone, so this is the loop over the steps that one writes instead."""

    def __init__(self, features, units):
        super().__init__()
        self.kernel = nn.Parameter(torch.empty(features, 4 * units))
        self.recurrent_kernel = nn.Parameter(torch.empty(units, 4 * units))
        self.bias = nn.Parameter(torch.empty(4 * units))

    def forward(self, x):
        projected = torch.addmm(self.bias, x.reshape(-1, x.shape[2]), self.kernel)
        projected = projected.view(x.shape[0], x.shape[1], -1).unbind(1)
        h = c = x.new_zeros(x.shape[0], self.recurrent_kernel.shape[0])
        states = []
        for step in projected:
            i, f, g, o = torch.addmm(step, h, self.recurrent_kernel).chunk(4, dim=1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.softmax(g, dim=1)
            h = torch.sigmoid(o) * torch.softmax(c, dim=1)
            states.append(h)
        return torch.stack(states, 1), None

    def load(self, kernel, recurrent_kernel, bias):
        for parameter, value in zip(self.parameters(), (kernel, recurrent_kernel, bias)):
            parameter.data = torch.tensor(value)


def load_recurrent(layer, cell, kernel, recurrent_kernel, bias):
    """Keras's weights in PyTorch's layout; it has two biases where Keras has one."""
    order = keras_gru_order if cell == "gru" else torch.tensor
    layer.weight_ih_l0.data = order(kernel).T.contiguous()
    layer.weight_hh_l0.data = order(recurrent_kernel).T.contiguous()
    biases = order(bias)
    layer.bias_ih_l0.data = biases[0] if cell == "gru" else biases
    layer.bias_hh_l0.data = biases[1] if cell == "gru" else torch.zeros_like(biases)


def recurrent_stack(row, weights):
    stack, features = nn.ModuleList(), row["embedding"]
    for units in row["units"]:
        three = [next(weights) for _ in range(3)]
        if row["activation"] == "softmax":
            layer = SoftmaxLSTM(features, units)
            layer.load(*three)
        else:
            kind = {"lstm": nn.LSTM, "gru": nn.GRU, "simpleRnn": nn.RNN}[row["cell"]]
            layer = kind(features, units, batch_first=True)
            load_recurrent(layer, row["cell"], *three)
        stack.append(layer)
        features = units
    return stack


def linear(weights):
    kernel, bias = torch.tensor(next(weights)), torch.tensor(next(weights))
    layer = nn.Linear(*kernel.shape)
    layer.weight.data, layer.bias.data = kernel.T.contiguous(), bias
    return layer


class Recurrent(nn.Module):
    def __init__(self, row, weights):
        super().__init__()
        self.embedding = nn.Embedding.from_pretrained(torch.tensor(next(weights)), freeze=False)
        self.stack = recurrent_stack(row, weights)
        self.score = linear(weights) if row["kind"] == "attention" else None
        self.output = linear(weights)

    def forward(self, ids):
        x = self.embedding(ids)
        for layer in self.stack:
            x, _ = layer(x)
        if self.score is None:
            return self.output(x[:, -1])
        scores = self.score(x).squeeze(2).masked_fill(ids == 0, float("-inf"))
        return self.output((torch.softmax(scores, 1).unsqueeze(1) @ x).squeeze(1))


def mlp(row, weights):
    layers = []
    for i, width in enumerate(row["widths"][1:]):
        layers += [linear(weights), nn.LeakyReLU(0.01)]
        if i > 0:
            layers.append(nn.BatchNorm1d(width))
    return nn.Sequential(*layers)


class Whole(nn.Module):
    """A study's network; of one class the logit, of several their logits."""

    def __init__(self, row, vocabulary):
        super().__init__()
        self.attends = row.get("attention", False)
        padding = 0 if self.attends else None
        self.embedding = nn.Embedding(vocabulary, row["embedding"], padding_idx=padding)
        nn.init.uniform_(self.embedding.weight, -0.05, 0.05)  # as in Keras, and as ours
        sizes = [row["embedding"], *row["units"]]
        pairs = zip(sizes, sizes[1:])
        self.stack = nn.ModuleList(nn.LSTM(a, b, batch_first=True) for a, b in pairs)
        rates = row.get("dropout", [0] * (len(row["units"]) + 1))
        self.dropouts = nn.ModuleList(nn.Dropout(rate) for rate in rates)
        self.score = nn.Linear(sizes[-1], 1)
        self.output = nn.Linear(sizes[-1], row["classes"])

    def forward(self, ids):
        x = self.embedding(ids)
        for dropout, layer in zip(self.dropouts, self.stack):
            x, _ = layer(dropout(x))
        x = self.dropouts[-1](x)
        if not self.attends:
            return self.output(x[:, -1])
        scores = self.score(x).squeeze(2).masked_fill(ids == 0, -1e9)
        return self.output((torch.softmax(scores, 1).unsqueeze(1) @ x).squeeze(1))


def outputs_of(model, x):
    model.eval()
    with torch.no_grad():
        logits = torch.cat([model(torch.from_numpy(x[s : s + 256])) for s in range(0, len(x), 256)])
    return logits


def run_whole(request):
    """A study from its texts to its test score."""
    row, data = request["row"], whole.read(request["file"])
    found = {}

    def once():
        torch.manual_seed(6)
        (x, vocabulary), y = whole.tables(row, data), whole.labels(data)
        model = Whole(row, vocabulary)
        optimizer = torch.optim.Adam(model.parameters(), eps=1e-7)
        one = row["classes"] == 1
        loss = nn.BCEWithLogitsLoss() if one else nn.CrossEntropyLoss()
        targets = {part: torch.from_numpy(all) for part, all in y.items()}
        targets = {part: t.float().unsqueeze(1) if one else t.long() for part, t in targets.items()}
        probabilities = torch.sigmoid if one else (lambda logits: torch.softmax(logits, 1))
        best, since, kept = -float("inf"), 0, None
        for epoch in range(row["epochs"]):
            model.train()
            for places in torch.randperm(len(x["train"])).split(row["batch"]):
                optimizer.zero_grad()
                batch = torch.from_numpy(x["train"])[places]
                loss(model(batch), targets["train"][places]).backward()
                optimizer.step()
            logits = outputs_of(model, x["validation"])
            found["epochs"] = epoch + 1
            if row.get("attention"):
                value = whole.watched(row, y["validation"], probabilities(logits).numpy())
            else:
                value = -loss(logits, targets["validation"]).item()
            if not row.get("attention") and not row.get("patience"):
                continue
            since += 1
            if value > best:
                best, since, kept = value, 0, copy.deepcopy(model.state_dict())
            if row.get("patience") and since >= row["patience"]:
                break
        if kept:
            model.load_state_dict(kept)
        outputs = probabilities(outputs_of(model, x["test"])).numpy()
        found["score"] = whole.score(row, y["test"], outputs)

    return {**timed(once, 1), **found}


class Work:
    def prepare(self, request):
        self.row = request["row"]
        if self.row["kind"] == "data":
            return {"version": torch.__version__}
        x, y, weights = material(request)
        self.first_weights = weights
        is_mlp = self.row["kind"] == "mlp"
        self.model = (mlp if is_mlp else Recurrent)(self.row, iter(weights))
        self.model.to(DEVICE)
        self.loss = nn.MSELoss() if is_mlp else nn.BCEWithLogitsLoss()
        self.optimizer = torch.optim.Adam(self.model.parameters(), eps=1e-7)
        batch = self.row["batch"]
        starts = range(0, len(x), batch)
        self.batches = itertools.cycle([(x[s : s + batch], y[s : s + batch]) for s in starts])
        return {"version": torch.__version__}

    def step(self):
        x, y = (torch.from_numpy(part).to(DEVICE) for part in next(self.batches))
        self.optimizer.zero_grad()
        loss = self.loss(self.model(x), y)
        loss.backward()
        self.optimizer.step()
        self.last_loss = loss.item()

    def steps(self, request):
        losses = []
        times = timed(lambda: (self.step(), losses.append(self.last_loss)), request["count"])
        return {**times, "result": losses[0]}

    def layer(self, request):
        """The recurrent layers alone, forward and backward."""
        row = self.row
        stack = recurrent_stack(row, iter(self.first_weights[1:]))
        x = torch.randn(row["batch"], row["steps"], row["embedding"], requires_grad=True)

        def once():
            out = x
            for layer in stack:
                out, _ = layer(out)
            out[:, -1].sum().backward()
            x.grad = None
            stack.zero_grad()

        timed(once, 2)
        return timed(once, request["count"])

    def peak(self, _):
        a, b = torch.randn(2, PEAK_SIZE, PEAK_SIZE)
        return matrix_peak(lambda: torch.mm(a, b), PEAK_SIZE)


work = Work()
serve(
    {
        "whole": run_whole,
        "prepare": work.prepare,
        "steps": work.steps,
        "layer": work.layer,
        "peak": work.peak,
    }
)
