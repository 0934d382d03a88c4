/**
 * Numbers in the prose of notebooks that no cell prints and no study published: by notebook the number
 * as it is written, and where it comes from.
 */
export const allowed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "01-rating.ipynb": {
    "81": "9 squared: by 100/81 squared errors grow where ratings lie from 0 to 1",
    "25,000": "reviews of each folder of the data set",
    "97": "of the negative training reviews, in %, hold a word that no positive one has",
    "3,125": "every eighth of the 25,000 training reviews",
    "352": "places: 2,470 inputs by 7, without a rest",
    "21": "places that the second convolution reads at a time, as published",
    "332": "places: 352 less 20",
    "0.013":
      "the MLP from the bag, last less lowest validation error, two columns of figure 12's table",
    "0.074": "LSTM-1 from ids, last less lowest validation error, two columns of figure 12's table",
    "9.8": "millions: 3,984 × 2,470 weights, both sizes published",
  },
  "02-clothing.ipynb": {
    "18,000":
      "not, no, nor, never, cannot and n't among the words that removeStopWords takes: 18,114",
    "89": "of the 200 stored trials those with a rate of 0.0001 or less",
    "308.546": "mean length of the shipped reviews with a line break counted once",
    "2.66": "first validation loss of the stored trial of GRU-1 with 512 units at 0.01",
  },
  "02b-clothing-sound.ipynb": {
    "18,000": "see notebook 2: 18,114",
    "30": "of 100 reviews that are no test reviews: 5,434 of 18,112 validate",
    "16,000": "nine tenths of the 18,112 reviews that are no test reviews",
    "3,200,000": "4⁴ · 5⁵ · 4",
    "24": "twelve variants by two scores",
    "0.764": "stored runs of gru-1 by its published sizes, mean validation AUC of the kept epochs",
    "0.094": "their standard deviation",
    "0.075": "stored runs of gru-1: weighted F1 of .573 with 16 units, of .498 with 256",
    "0.065": "stored runs of gru-1 by its published sizes, standard deviation of weighted F1",
  },
  "03-simplified-attention.ipynb": {
    "50,000": "reviews of the data set",
    "52": "a place in the figure of positions",
    "59": "a place in the figure of positions",
  },
  "04-attention.ipynb": {
    "172": "272 less 100",
    "262,144": "vectors of pairs in the reader: 2 to the power 18",
    "0.19": "stored runs of imdb-lstm-attention, lowest training loss of the kept epochs",
    "0.42": "the same, highest",
    "0.681": "Rosenthal, Farra and Nakov 2017, the best system of the task",
  },
  "05-lab.ipynb": {
    "50,000": "reviews of the data set",
  },
};
