/**
 * Numbers in the prose of notebooks that no cell prints and no study published: by notebook the number
 * as it is written, and where it comes from.
 */
export const allowed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "01-rating.ipynb": {
    "0.013":
      "the MLP from the bag, last less lowest validation error, two columns of figure 12's table",
    "0.074": "LSTM-1 from ids, last less lowest validation error, two columns of figure 12's table",
    "9.8": "millions: 3,984 × 2,470 weights, both sizes published",
  },
  "02-clothing.ipynb": {
    "308.546": "mean length of the shipped reviews with a line break counted once",
    "2.66": "first validation loss of the stored trial of GRU-1 with 512 units at 0.01",
  },
  "02b-clothing-sound.ipynb": {
    "0.764": "stored runs of gru-1 by its published sizes, mean validation AUC of the kept epochs",
    "0.094": "their standard deviation",
    "0.075": "stored runs of gru-1: weighted F1 of .573 with 16 units, of .498 with 256",
    "0.065": "stored runs of gru-1 by its published sizes, standard deviation of weighted F1",
  },
  "03-simplified-attention.ipynb": {
    "0.08": "third seed of lstm: test accuracy from the second epoch to the third, in points",
  },
  "04-attention.ipynb": {
    "0.19": "stored runs of imdb-lstm-attention, lowest training loss of the kept epochs",
    "0.42": "the same, highest",
    "0.681": "Rosenthal, Farra and Nakov 2017, the best system of the task",
  },
};
