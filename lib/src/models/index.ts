export { gru1, gru2, gru4, lstm2, type RecurrentClassifier } from "./clothing";
