"""English tokens to padded ids with spaCy's blank English tokenizer."""

import collections
import json

import numpy as np
import spacy
from protocol import checksum, serve, timed


class Work:
    def prepare(self, request):
        self.row = request["row"]
        with open(request["texts"]) as file:
            self.texts = json.load(file)
        self.tokenizer = spacy.blank("en").tokenizer
        return {"version": spacy.__version__}

    def steps(self, request):
        return {**timed(self.prepare_data, request["count"]), "result": checksum(self.padded)}

    def prepare_data(self):
        """Lower-case tokens; words seen often enough numbered from 2, most frequent first."""
        texts = [[token.lower_ for token in doc] for doc in self.tokenizer.pipe(self.texts)]
        counts = collections.Counter(token for tokens in texts for token in tokens)
        kept = [
            (-count, word) for word, count in counts.items() if count >= self.row["minimumCount"]
        ]
        ids = {word: i + 2 for i, (_, word) in enumerate(sorted(kept))}
        self.padded = np.zeros((len(texts), self.row["maxlen"]), dtype="int32")
        for row, tokens in zip(self.padded, texts):
            tokens = tokens[: self.row["maxlen"]]
            row[: len(tokens)] = [ids.get(token, 1) for token in tokens]


work = Work()
serve({"prepare": work.prepare, "steps": work.steps})
