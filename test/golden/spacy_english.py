"""Rules of lib/src/text/english/rules.json and golden values of test/text.english.test.ts, from spaCy.

spacy==3.8.18 (MIT licence, https://github.com/explosion/spaCy: lang/punctuation.py,
lang/char_classes.py, lang/tokenizer_exceptions.py, lang/en/*).
Run: STARLIT_MIRROR=FOLDER python test/golden/spacy_english.py
It writes spacy_english.json beside itself and rules.json in lib/src/text/english; run prettier on
the latter. Of reviews and tweets only token counts and hashes are stored, never a text.

The character classes are found by asking spaCy's own expressions about every character there is;
the few rules of more than one character are written out in lib/src/text/english/affixes.ts.
"""
import gzip
import hashlib
import json
import os
import random
import re
import tarfile
from pathlib import Path

import spacy
from spacy.lang import char_classes
from spacy.symbols import ORTH

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TOKENIZER = spacy.blank("en").tokenizer
CHARACTERS = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def ranges(matches):
    """First and last code of each run of characters that match, one after the other."""
    codes = [ord(c) for c in CHARACTERS if matches(c)]
    flat = []
    for code in codes:
        if flat and code == flat[-1] + 1:
            flat[-1] = code
        else:
            flat += [code, code]
    return flat


def whole(match):
    return match is not None and match.end() > match.start()


def rules():
    prefix, suffix = TOKENIZER.prefix_search, TOKENIZER.suffix_search
    infix = TOKENIZER.infix_finditer

    def member(characters):
        return re.compile(f"[{characters}]").match

    return {
        "source": f"spaCy {spacy.__version__}, MIT licence, https://github.com/explosion/spaCy",
        "classes": {
            "prefix": ranges(lambda c: c != "+" and whole(prefix(c)) and whole(prefix(c + "0"))),
            "suffix": ranges(lambda c: whole(suffix(c))),
            "infix": ranges(lambda c: any(True for _ in infix(c))),
            "alpha": ranges(member(char_classes.ALPHA)),
            "alphaLower": ranges(member(char_classes.ALPHA_LOWER)),
            "alphaUpper": ranges(member(char_classes.ALPHA_UPPER)),
            "beforeFinalPeriod": ranges(lambda c: c != "." and whole(suffix(c + "."))),
            "beforeInnerPeriod": ranges(lambda c: any(m.start() == 1 for m in infix(c + ".A")) and c != "."),
            "afterInnerPeriod": ranges(lambda c: any(m.end() == 2 for m in infix("a." + c)) and c != "."),
        },
        # Split off only after a digit; the longest one that fits.
        "unitsAfterDigit": sorted(
            {u.replace("\\", "") for u in f"{char_classes.UNITS}|{char_classes.CURRENCY}".split("|")}
        ),
        "exceptions": {
            text: [token[ORTH] for token in tokens]
            for text, tokens in sorted(TOKENIZER.rules.items())
        },
    }


def tokens(text):
    return [token.text for token in TOKENIZER(text)]


def digest(words):
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def made_up():
    """Texts put together from pieces on which the rules turn, and some sentences."""
    draw = random.Random(5)
    pieces = (
        "a b I x1 9 10 3.5 word Word WORD don't won't isn't I'm they'll y'all gonna cannot etc. e.g. "
        "U.S. U.K. Mr. Mrs. Dr. a.m. p.m. 10am 5pm 7p.m. Jan. Co. St. No. vs. O'Neil rock'n'roll "
        "'s 's. ’s ’ve don’t ‘quote’ “quote” \" ' `` '' ( ) [ ] { } < > , ; : ! ? . .. ... …. …… "
        "- -- --- ---- – — —— ~ + ++ C++ +1 1+1 5-6 2*3 2^8 x=y a/b and/or a:b <br /> <br/> <3 </3 "
        ":) :-) :( ;-) :P xD XD :D o.O ^_^ -_- (: (^_^) ¯\\(ツ)/¯ :'( :)) >:( 8) 8-) $5 US$5 5$ €9 9€ "
        "5km 10kg 3mm 5% 20°C. °f. 100 m/s 4km/h 12MB # #tag @user @user: & * _ _x_ = § % "
        "http://example.org/a?b=c&d=1 www.example.com example.co.uk user@example.org mailto:a@b.cd "
        "https://user:pw@host.net:8080/x. 10.0.0.1 192.168.1.1 8.8.8.8 a.b a.B end.Start end.start "
        "end,start 1,000 1,a İstanbul Größe naïve café. ÀÉ. 日本語 日本。 😍 😍😍 👍🏽 ok👍 I❤it \u00ad \ufeff "
        "é e\u0301. ﷼ ₹5 ½ 2½ №5 ™ x™ © ° º 90º\u3000 \u00a0 \u2003 \u2028 \x85 \x1c \t \n \r\n"
    ).split(" ")
    texts = [
        "This movie is a true gem. It's a must-watch for fans of exceptional storytelling.",
        "A lacklustre effort, marred by a clichéd script; the story drags on (and on)...",
        "foo:) bar", "foo:) )", "x:-)y", "a.m.)", "(a.m.", "I'll-be-back", "don't/can't",
        "  two  spaces ", " ", "", "\n", "a\nb", "a \n b", "\t\ttabs", "a\u00a0b", "end \n\n",
    ]
    for _ in range(1000):
        joined = "".join(
            draw.choice(pieces) + draw.choice(["", "", " ", " ", "  "])
            for _ in range(draw.randint(1, 7))
        )
        texts.append(joined)
    return texts


def reviews(mirror):
    """The train reviews in the order of their names, texts only."""
    with tarfile.open(mirror / "aclImdb_v1.tar.gz") as archive:
        for member in archive:
            if re.fullmatch(r"aclImdb/train/(pos|neg)/\d+_\d+\.txt", member.name):
                yield member.name, archive.extractfile(member).read().decode()


def tweets(mirror):
    path = mirror / "semeval2017-task4a" / "twitter-2016test-A.txt.gz"
    with gzip.open(path, "rt", encoding="utf8", newline="\n") as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if len(fields) >= 3:
                yield fields[2]


def main():
    (ROOT / "lib/src/text/english/rules.json").write_text(
        json.dumps(rules(), ensure_ascii=True), encoding="utf8"
    )
    mirror = Path(os.environ["STARLIT_MIRROR"])
    folder = sorted(reviews(mirror))
    every_fifth = [tokens(text) for _, text in folder[::5]]
    some_tweets = [tokens(text) for _, text in zip(range(5000), tweets(mirror))]
    values = {
        "spacy": spacy.__version__,
        "madeUp": [[text, tokens(text)] for text in made_up()],
        "reviews": {"counts": [len(t) for t in every_fifth], "hashes": [digest(t)[:6] for t in every_fifth]},
        "tweets": {"counts": [len(t) for t in some_tweets], "hashes": [digest(t)[:6] for t in some_tweets]},
    }
    (HERE / "spacy_english.json").write_text(json.dumps(values))


main()
