import { sha256 } from "../files/sum.cjs";

/** One set of bytes that a source file may come as: compressed or not, the publisher's or a copy. */
export interface SourceCopy {
  /** Path below the cache, a mirror, or `data/` for the shipped file. */
  file: string;
  /** Size in bytes. */
  bytes: number;
  /** SHA-256 of the bytes, lower-case hex. */
  sha256: string;
  /** Where the publisher serves exactly these bytes; absent where there is no direct address. */
  url?: string;
}

/** A file of a data set: any of its copies will do, and all of them have the same content. */
export interface SourceFile {
  /** Name in messages and in rows, e.g. `twitter-2013train-A`. */
  name: string;
  copies: SourceCopy[];
  /** In the repository under `data/`, so that a clone without network has it. */
  shipped?: true;
}

/** What the catalogue knows of a data set. */
export interface SourceInfo {
  id: SourceId;
  title: string;
  /** The publisher's page, for people. */
  page: string;
  terms: string;
  citation: string;
  /** What a loader checks beyond sizes and checksums. */
  checked: string;
  files: SourceFile[];
  /**
   * A file that the publisher makes anew every day, so that it has no sum; rows are taken from it. It
   * may have grown, to `mostBytes` at most.
   */
  changing?: { file: string; url: string; mostBytes: number };
}

/** The data sets that the studies use. */
export type SourceId =
  "clothing-reviews" | "imdb-reviews" | "imdb-titles" | "imdb-word-index" | "tweets";

type SizeAndSum = [bytes: number, sha256: string];

/** A text file that is taken as published (`url`) or as made smaller with `gzip -n -9`. */
function textFile(file: string, gzipped: SizeAndSum, plain: SizeAndSum, url?: string): SourceFile {
  return {
    name: file.replace(/^.*\/|\.txt$/g, ""),
    copies: [
      { file: `${file}.gz`, bytes: gzipped[0], sha256: gzipped[1] },
      { file, bytes: plain[0], sha256: plain[1], ...(url && { url }) },
    ],
  };
}

const clothing: SourceInfo = {
  id: "clothing-reviews",
  title: "Women's E-Commerce Clothing Reviews",
  page: "https://www.kaggle.com/datasets/nicapotato/womens-ecommerce-clothing-reviews",
  terms: "CC0 1.0 (public domain)",
  citation: "Nick Brooks (nicapotato): Women's E-Commerce Clothing Reviews, Kaggle, 2018",
  checked: "the named columns, whole numbers where numbers are due; CR LF inside texts is kept",
  files: [
    {
      ...textFile(
        "womens-clothing-reviews.csv",
        [2831070, "471110b1fd241cb109a6cb1ec95760e84b071c5ce2df0f6f30876c0b941a1767"],
        [8483448, "bd93cc515747ad1f87b8bc863c9e40da758509e6db6506a96d06976e61e36ee0"],
      ),
      shipped: true,
    },
  ],
};

const imdb: SourceInfo = {
  id: "imdb-reviews",
  title: "Large Movie Review Dataset v1.0 (aclImdb)",
  page: "https://ai.stanford.edu/~amaas/data/sentiment/",
  terms: "no licence stated; the publisher asks to cite the paper",
  citation:
    "Maas, Daly, Pham, Huang, Ng, Potts: Learning Word Vectors for Sentiment Analysis, ACL 2011",
  checked: "50,000 reviews, numbers 0–12,499 in each of four folders, ratings counted, valid UTF-8",
  files: [
    {
      name: "aclImdb_v1.tar.gz",
      copies: [
        {
          // The sum is in the records of TensorFlow Datasets and of Hugging Face's datasets; other
          // projects pin the MD5 7c2ac02c03563afcf9b574c7e56c153a.
          file: "aclImdb_v1.tar.gz",
          bytes: 84125825,
          sha256: "c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe",
          url: "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",
        },
        {
          // Without the unlabelled reviews and the bags of words; the rest is byte for byte the same.
          file: "aclImdb_v1.tar.gz",
          bytes: 28630785,
          sha256: "80472eb57f357f0a9f492e9b5cc5c7442a8dbc792cace1f723a3df4f3db8cd7f",
        },
      ],
    },
  ],
};

const titles: SourceInfo = {
  id: "imdb-titles",
  title: "IMDb title.basics, the titles of the Large Movie Review Dataset",
  page: "https://developer.imdb.com/non-commercial-datasets/",
  terms:
    "personal and non-commercial use. Information courtesy of IMDb (https://www.imdb.com). Used with permission.",
  citation: "IMDb non-commercial datasets, title.basics.tsv.gz",
  checked: "the nine columns, in the header and in every row",
  files: [
    textFile(
      "title.basics.aclimdb.tsv",
      [149922, "995a241cabd55062657565a553a1b8660f101f3ff905fc99c2517f4291f34da2"],
      [522108, "7b0ac393c61f36e1a19e559752e174dfcdd34cf8f14f164ff062626e673f7efb"],
    ),
  ],
  changing: {
    file: "title.basics.tsv.gz",
    url: "https://datasets.imdbws.com/title.basics.tsv.gz",
    mostBytes: 1e9, // some 200 million in 2026
  },
};

const wordIndex: SourceInfo = {
  id: "imdb-word-index",
  title: "Keras's word index of the IMDb reviews",
  page: "https://keras.io/api/datasets/imdb/",
  terms: "none stated for the file; Keras is under Apache-2.0",
  citation: "Keras: keras.datasets.imdb.get_word_index",
  checked: "88,584 words, ranks 1–88,584 once each",
  files: [
    textFile(
      "imdb_word_index.json",
      [671629, "a3e7564051946a6b34e13c0d0bc25e2e18119d4e4f6adb973c91d080f3d1dba8"],
      [1641221, "027313fe9a320280f3bf0fac5baf58c4a683cf39a7ed9c3d3d3912bde4284cf6"],
      "https://storage.googleapis.com/tensorflow/tf-keras-datasets/imdb_word_index.json",
    ),
  ],
};

/** The eleven collections of 2013–2016, in the order of years, then the test set of 2017. */
const tweets: SourceInfo = {
  id: "tweets",
  title: "SemEval-2017 task 4A, English tweets",
  page: "https://alt.qcri.org/semeval2017/task4/",
  terms: "CC BY 3.0 for the annotations; Twitter's terms for the texts: do not redistribute them",
  citation: "Rosenthal, Farra, Nakov: SemEval-2017 Task 4: Sentiment Analysis in Twitter, 2017",
  checked: "number, label and text in every row",
  files: [
    textFile(
      "semeval2017-task4a/twitter-2013train-A.txt",
      [645464, "39b5ef476241b1b396c5f0e089ec06b9c2e258a9e4a3c245ad7d947259366d5d"],
      [1420274, "111969d156c516b40bd504fcedcca52bbd44ec24add6f59290eb94df9b9c392c"],
    ),
    textFile(
      "semeval2017-task4a/twitter-2013dev-A.txt",
      [110571, "eb3f89242371e6c3894d82c05e32a7c5891446aa945d29041b1b5b95c8258fef"],
      [241753, "e402ab2e9bad766275ef5af490e2c3b0edca8236d60e6e69227589186bffd896"],
    ),
    textFile(
      "semeval2017-task4a/twitter-2013test-A.txt",
      [240144, "dbaddca4cf012876dbc68cf712909738648e58f5677a834e5ede00a853b9ff46"],
      [509953, "eb98d2342016eefda22dd563aa1ccde18aed399eeba572d8c963bbc56c196164"],
    ),
    textFile(
      "semeval2017-task4a/twitter-2014sarcasm-A.txt",
      [5233, "cc5efa6ac1beb7505b0d349617e7a70188afc6caa880f9958bfa8fc6170e1aed"],
      [9969, "8321459374f88fc32b0b93da76c8740e7a3f30256886dbe9fcebb04b0ae8906f"],
    ),
    textFile(
      "semeval2017-task4a/twitter-2014test-A.txt",
      [122206, "feccd71f0622a4ceb93babb8979c23022360c78f7758e26568e9bd85f4da8bc4"],
      [268406, "d6aa09ca41031e3deefb7e5b2f74f53260ab374f993e2275d8e4ccec6b210253"],
    ),
    textFile(
      "semeval2017-task4a/twitter-2015train-A.txt",
      [31686, "0cec164311daf805a38570bc678f40ebac91741dc7f3717a1b4c2e727a6849ce"],
      [71983, "29780e613f562a511fa427196503c3f95fea6c0298470e157deab88a0e0ed65e"],
    ),
    textFile(
      "semeval2017-task4a/twitter-2015test-A.txt",
      [150213, "62b93ef588b46131482b0b527cad407b062de6192780e919351a8bfd7ff9da24"],
      [344669, "54b3481924c025d31ac9669c049603b91035b40e8becd6629fb9476a6d9a62f4"],
    ),
    textFile(
      "semeval2017-task4a/twitter-2016train-A.txt",
      [378602, "a1f30f60ba05df00563692b19ad66444bf7a83f798f6d05b009e21136afb4111"],
      [864760, "f49f65cf5e94b47d077ab7715d3d0a656c09b5c71608678a672d7378ef79c932"],
    ),
    textFile(
      "semeval2017-task4a/twitter-2016dev-A.txt",
      [130366, "6b576db80332057bfbe5186956b1cbc1eda12c127c917a502b48e08fdeb864bf"],
      [294054, "47bda81cb91db2bf92222a5f20742b5e3edc14eb391e74b882b284e5afd0c8bb"],
    ),
    textFile(
      "semeval2017-task4a/twitter-2016devtest-A.txt",
      [126585, "be9e00c672b42cf6061737653df750019d2bd4320ab47d33a2ee9c157c522cec"],
      [286151, "c16686ebaa3b61770f4d4d2a60d051715146950faa93e039bb0aefb3523c3b38"],
    ),
    textFile(
      "semeval2017-task4a/twitter-2016test-A.txt",
      [1303468, "c311023f88573b7c9518860ec9277188e18ae791f433adbbec2c3b4218aed452"],
      [2995085, "8bf50e0fb4d5ca3d4b27414cc620fe226b4d844cbff68db5b298c2e70803ab10"],
    ),
    textFile(
      "semeval2017-task4a/SemEval2017-task4-test.subtask-A.english.txt",
      [755894, "cedd7261f4d6fa8ff4fe06b270ea1586275deacf5baebba7b982e04f951b6d40"],
      [1704620, "ba92a90426d19ead3930e241e7babdb1ba8b57b6c34aada236d53d242ae38cd1"],
    ),
  ],
};

/** Where every text comes from: addresses, sizes, checksums, terms and citations. */
export const catalogue: Record<SourceId, SourceInfo> = {
  "clothing-reviews": clothing,
  "imdb-reviews": imdb,
  "imdb-titles": titles,
  "imdb-word-index": wordIndex,
  tweets,
};

/**
 * SHA-256 of the content of a data set whose files have sums here: known without reading them, and
 * the same whether they come compressed or not.
 */
export function contentSum(id: SourceId): string {
  const sums = catalogue[id].files.map((file) => file.copies[file.copies.length - 1].sha256);
  return sums.length === 1 ? sums[0] : sha256(sums.join("\n"));
}
