"""Which alphabet bytes are written in, by how well the letters they give form words.

Python has no detector of encodings. For a table, the sample may be a dozen letters among thousands of
digits, too few for statistics of pairs: what tells is whether letters of one alphabet stand together,
in the case they have in words, and whether they are the frequent ones.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

_HANZI = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然"
    "家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把"
    "机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果"
    "加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔"
    "更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展"
    "类别标签目长宽高低重量价格温湿编号姓性男女花瓣萼鸢尾山变色红绿蓝白黑猫狗马鱼鸟树松橡榆柳是否好坏上下左右北京东南"
    "省城收入年龄职业已婚未婚结果症状患者血压心率正常异常合格优良差班级成绩语数英元米斤吨日期星车型号品牌店销售额"
)
_HANZI_OLD = frozenset(
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然"
    "家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把"
    "機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果"
    "加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾"
    "類別標籤目長寬高低重量價格溫濕編號姓性男女花瓣萼鳶尾山變色紅綠藍白黑貓狗馬魚鳥樹松橡榆柳是否好壞上下左右台北灣"
    "臺省城收入年齡職業結果症狀患者血壓心率正常異常合格優良差班級成績語數英元米斤噸日期星車型號品牌店銷售額檜杉櫻"
)
_HANGUL = frozenset(
    "이다의는을에가고하지한을로기사도서나리어자인정아대은시그부장수제들있해보원주일게과구전동상공조선안세성유비라여오진"
    "우신모만문학연소관국생명회화계실경중남녀무산방마바반분높낮크작길너넓무게키몸나나무꽃잎색빨강파랑노랑초록개고양"
    "양이물푸레느릅릅참오소단풍은행벚울서부광대구인천값격온도습도연령성별직업결과합격불합예아니오날씨맑음흐림비"
)
_KANJI = frozenset(
    "日一国人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男"
    "西電校語土木聞食車何南万毎白天母火右読友左休父雨身花色赤青黒種類別品目標値重量幅温度湿価格番号氏性結果合否杉桜松"
    "樹楓樫檜楡猫犬鳥魚馬良悪晴曇県市区町村店売上数曜分"
)
_LETTERS = {
    "cyrillic": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёії",
    "greek": "αοιετσνηυρπκμλωςγδθχφβξζψάέήίόύώ",
    "hebrew": "יוהלאתרבשמנדקעחפכגטזסצםןךףץ",
    "arabic": "اليمنورتبةعدسفهكحقجشصطخأذىضغثزءإئظؤآپچگ",
    "thai": "านรอกเงม่ยลว้ดทตสัปิีบคะหไพขแชุใูผธโจซถ์ำึืฟศณ็ญภษฐฝฮฉฆฏฎฑฒฬฤๆฯ",
    "central": "áéíóöüäúýčěřšžůťďňąćęłńóśźżőűđăâîșțşţľĺŕôßÁÉÍÓÖÜÄÚÝČĚŘŠŽŮŤĎŇĄĆĘŁŃŚŹŻŐŰĐĂÂÎŞŢĽ",
    "turkish": "ğışöüçİŞĞÖÜÇâîû",
    "western": "éèêëàâäáãåæçîïíìñóòôöõøœùûüúÿßÉÈÊËÀÂÄÁÃÅÆÇÎÏÍÌÑÓÒÔÖÕØŒÙÛÜÚ",
}
_RARER = frozenset("ăęńďŕĺľîâșțşţđÎÂĂŔĹĽõÕìùòûëïÿœæîÿðþý")
"""Letters of Latin alphabets that are seldom, or stand where a commoner one does in another code page."""

_FOREIGN = ("cyrillic", "greek", "hebrew", "arabic", "thai")
"""Alphabets without Latin letters."""

_VOWELS = {"cyrillic": frozenset("аеёиоуыэюяіїє"), "greek": frozenset("αεηιουωάέήίόύώϊϋΐΰ")}
_NOT_FIRST = frozenset("ьъыัิีึืฺุู็่้๊๋์ะาำๆىةءئؤםןךףץς")
_ONLY_LAST = frozenset("םןךףץةىς")
_NOT_LAST = frozenset("מנכפצσเแโใไ")
"""Letters that words hardly begin with, hold before their end, or end with."""

_SIGNS = "°²³µ±·×÷§€£©®™–—‘’“”…«»№½¼¾ºª¿¡¢¥"
_SINGLE = {
    "cp1252": "western",
    "cp1250": "central",
    "iso8859_2": "central",
    "cp1251": "cyrillic",
    "koi8-r": "cyrillic",
    "cp866": "cyrillic",
    "iso8859_5": "cyrillic",
    "cp1253": "greek",
    "iso8859_7": "greek",
    "cp1254": "turkish",
    "cp1255": "hebrew",
    "cp1256": "arabic",
    "iso8859_6": "arabic",
    "cp874": "thai",
}
_DOUBLE = ("gb18030", "cp949", "shift_jis", "big5", "euc_jp")
_RUN = re.compile(rb"[\x80-\xff][\x21-\x7e\x80-\xff]*|[A-Za-z]+[\x80-\xff][\x21-\x7e\x80-\xff]*")
_SHOWN = {
    "cp949": "EUC-KR",
    "euc_jp": "EUC-JP",
    "shift_jis": "Shift-JIS",
    "koi8-r": "KOI8-R",
    "cp866": "IBM-866",
    "big5": "Big5",
}
_WORD = re.compile(r"[^\W\d_]+(?:[^\x00-\x7f\s\d]+[^\W\d_]*)*|[^\x00-\x7f\s]+")
MAX_SAMPLE = 40_000

CLOSE = 0.12
"""Scores that differ by less are as good as equal."""


@dataclass(frozen=True)
class Candidate:
    """An encoding, how well its letters form words (at most 1), and some of these."""

    encoding: str
    score: float
    words: str

    @property
    def shown(self) -> str:
        """What people call it."""
        return encoding_name(self.encoding)


def encoding_name(encoding: str) -> str:
    """What people call an encoding."""
    name = _SHOWN.get(encoding, encoding)
    if name.startswith("iso8859_"):
        return f"ISO-8859-{name[8:]}"
    return f"Windows-{name[2:]}" if name.startswith(("cp125", "cp874")) else name


def candidates(sample: bytes) -> list[Candidate]:
    """Rank the encodings that bytes which are not UTF-8 may be in, the best first."""
    found = []
    sample = _telling(sample)
    for encoding in (*_DOUBLE, *_SINGLE):
        text = _decoded(sample, encoding)
        if text is None:
            continue
        words = [word for word in _WORD.findall(text) if not word.isascii()]
        letters = sum(len(word) for word in words)
        if not letters:
            continue
        judge = _double if encoding in _DOUBLE else _single
        score = sum(judge(word, encoding) * len(word) for word in words) / letters
        shown = ", ".join(dict.fromkeys(words[:50]))[:60]
        found.append(Candidate(encoding, round(score, 3), shown))
    return sorted(found, key=lambda candidate: -candidate.score)


def _telling(sample: bytes) -> bytes:
    """The lines with bytes beyond ASCII."""
    lines, size = [], 0
    for line in re.split(rb"[\r\n]+", sample):
        if not line.isascii():
            lines.append(line)
            size += len(line)
            if size > MAX_SAMPLE:
                break
    return b"\n".join(lines)


def _decoded(sample: bytes, encoding: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(sample)
    except UnicodeDecodeError as error:
        if encoding in _SINGLE and error.reason.startswith("character maps"):
            text = sample.decode(encoding, "replace")
            return text if text.count("\ufffd") <= 0.02 * len(sample) and encoding == "cp1252" else None
        return None


def _double(word: str, encoding: str) -> float:
    """How much a word looks like one of the language that the encoding is for."""
    total = 0.0
    for c in word:
        name = unicodedata.name(c, "")
        if c.isascii():
            total += 0.3
        elif encoding == "gb18030":
            total += _chinese(c, _HANZI, "gb2312", 0xD7)
        elif encoding == "big5":
            total += _chinese(c, _HANZI_OLD, "big5", 0xC6)
        elif encoding == "cp949":
            total += (
                (0.95 if c in _HANGUL else 0.6 if _is_in(c, "euc_kr") else -0.2)
                if "가" <= c <= "힣"
                else -0.5
            )
        elif (name.startswith(("HIRAGANA", "KATAKANA")) and "HALFWIDTH" not in name) or c == "ー":
            total += 1.0
        elif "HALFWIDTH" in name:
            total -= 0.6
        elif "一" <= c <= "鿿":
            total += (
                0.9
                if c in _KANJI
                else 0.25
                if _is_in(c, "shift_jis") and c.encode("shift_jis")[0] < 0x98
                else -0.3
            )
        else:
            total += 0.0 if _is_wide_sign(c) else -0.6
    return total / len(word)


def _chinese(c: str, common: frozenset[str], codec: str, last: int) -> float:
    if "一" <= c <= "鿿":
        if c in common:
            return 1.0
        return 0.45 if _is_in(c, codec) and c.encode(codec)[0] <= last else -0.3
    return 0.0 if _is_wide_sign(c) else -0.6


def _is_in(c: str, codec: str) -> bool:
    try:
        c.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _is_wide_sign(c: str) -> bool:
    return c in "　、。（）：；，！？「」·—％℃" or "！" <= c <= "～"


def _single(word: str, encoding: str) -> float:
    alphabet = _SINGLE[encoding]
    frequent = _LETTERS[alphabet]
    foreign = alphabet in _FOREIGN
    total = 0.0
    for place, c in enumerate(word):
        if c.isascii():
            total += -0.4 if foreign and c.isalpha() else 0.35
        elif not (c.isalpha() or c in frequent) or c in "ªº":
            alone = c in _SIGNS and (len(word) == 1 or place == len(word) - 1 or not word.strip(_SIGNS))
            total += 0.5 if alone else -1.0
        else:
            rank = frequent.find(c.casefold() if foreign else c)
            if rank < 0:
                total -= 0.3
            elif foreign:
                total += 1.0 - 0.5 * rank / len(frequent)
            else:
                total += 0.55 if c in _RARER and alphabet != "turkish" else 0.85
    score = total / len(word)
    if len(word) > 1 and any(b.isupper() and a.islower() for a, b in pairwise(word)):
        score -= 0.8  # a capital within a word
    elif foreign and len(word) > 1 and word.isupper():
        score -= 0.25
    if foreign and len(word) > 1:
        score -= _oddness(word.casefold() if alphabet == "cyrillic" else word.lower(), alphabet)
    beyond = sum(1 for c in word if not c.isascii())
    if len(word) == 1:
        score -= 0.3  # a letter alone says little
    elif not foreign and len(word) > 2 and 2 * beyond > len(word):
        score -= 0.5  # Latin words are mostly of plain letters
    return score


def _oddness(word: str, alphabet: str) -> float:
    """How much speaks against a word of an alphabet whose letters have their places."""
    vowels = _VOWELS.get(alphabet)
    odd = 0.4 if vowels is not None and vowels.isdisjoint(word) else 0.0
    odd += 0.6 * (word[0] in _NOT_FIRST) + 0.3 * (word[-1] in _NOT_LAST)
    return odd + 0.6 * (not _ONLY_LAST.isdisjoint(word[:-1]))
