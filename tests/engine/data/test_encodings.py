"""Bytes that are not UTF-8 give the letters they stand for, and what was guessed is told."""

from __future__ import annotations

import pytest

from engine.data.load import inspect, load_dataset
from engine.errors import DatasetError

TABLES = {
    "euc-kr": [
        ("폭,개수,나무", ["오크나무", "느릅나무", "물푸레"]),
        ("키,체중,성별", ["남자", "여자"]),
        ("온도,습도,날씨", ["맑음", "흐림", "비"]),
    ],
    "shift_jis": [
        ("幅,数,木", ["なら", "にれ", "とねりこ"]),
        ("身長,体重,性別", ["男性", "女性"]),
        ("高さ,数量,種類", ["カシ", "ニレ", "トネリコ"]),
    ],
    "euc-jp": [
        ("幅,数,木", ["なら", "にれ", "とねりこ"]),
        ("気温,湿度,天気", ["晴れ", "曇り", "雨"]),
    ],
    "big5": [
        ("寬度,數量,樹木", ["橡樹", "榆樹", "梣樹"]),
        ("溫度,濕度,天氣", ["晴天", "陰天", "下雨"]),
    ],
    "gb18030": [
        ("宽度,数量,树木", ["橡树", "榆树", "白蜡"]),
        ("身高,体重,性别", ["男", "女"]),
    ],
    "cp1251": [
        ("ширина,число,дерево", ["дуб", "вяз", "ясень"]),
        ("Рост,Вес,Пол", ["М", "Ж"]),
        ("цена,количество,город", ["Москва", "Казань", "Пермь"]),
        ("возраст,зарплата,итог", ["да", "нет"]),
        ("висота,вага,стать", ["чоловік", "жінка"]),
    ],
    "koi8-r": [
        ("ширина,число,дерево", ["дуб", "вяз", "ясень"]),
        ("Рост,Вес,Пол", ["М", "Ж"]),
        ("цена,количество,город", ["Москва", "Казань"]),
    ],
    "cp1250": [
        ("szerokość,liczba,drzewo", ["dąb", "wiąz", "jesień"]),
        ("šířka,počet,strom", ["dub", "jilm", "jasan"]),
        ("szélesség,szám,fa", ["tölgy", "szil", "kőris"]),
    ],
    "cp1253": [
        ("πλάτος,αριθμός,δέντρο", ["δρυς", "φτελιά", "μελία"]),
        ("ύψος,βάρος,φύλο", ["άνδρας", "γυναίκα"]),
        ("τιμή,ποσότητα,πόλη", ["Αθήνα", "Θεσσαλονίκη", "Πάτρα"]),
        ("Ηλικία,Μισθός,Αποτέλεσμα", ["Ναι", "Όχι"]),
        ("θερμοκρασία,υγρασία,καιρός", ["ήλιος", "βροχή"]),
    ],
    "cp1252": [
        ("größe,zahl,baum", ["eiche", "ulme", "esche"]),
        ("année,nombre,catégorie", ["chêne", "orme", "frêne"]),
        ("largura,número,maçã", ["não", "sim"]),
        ("Año,Peso,Niño", ["sí", "no"]),
        ("längd,vikt,kön", ["man", "kvinna"]),
        ("pituus,määrä,ikä", ["hyvä", "huono"]),
    ],
    "cp1255": [
        ("רוחב,מספר,עץ", ["אלון", "בוקיצה", "מילה"]),
        ("גובה,משקל,מין", ["זכר", "נקבה"]),
        ("מחיר,כמות,עיר", ["תל אביב", "ירושלים", "חיפה"]),
        ("גיל,שכר,תוצאה", ["כן", "לא"]),
        ("טמפרטורה,לחות,מזג אוויר", ["שמש", "גשם", "מעונן"]),
    ],
    "iso8859_8": [
        ("רוחב,מספר,עץ", ["אלון", "בוקיצה", "מילה"]),
    ],
    "cp1256": [
        ("العرض,العدد,الشجرة", ["بلوط", "دردار", "رماد"]),
        ("الطول,الوزن,الجنس", ["ذكر", "أنثى"]),
        ("السعر,الكمية,المدينة", ["القاهرة", "الرياض", "دمشق"]),
        ("العمر,الراتب,النتيجة", ["نعم", "لا"]),
        ("الحرارة,الرطوبة,الطقس", ["مشمس", "ممطر", "غائم"]),
    ],
    "iso8859_6": [
        ("العرض,العدد,الشجرة", ["بلوط", "دردار", "رماد"]),
        ("السعر,الكمية,المدينة", ["القاهرة", "الرياض", "دمشق"]),
    ],
    "cp874": [
        ("ความกว้าง,จำนวน,ต้นไม้", ["โอ๊ก", "เอล์ม", "แอช"]),
        ("ส่วนสูง,น้ำหนัก,เพศ", ["ชาย", "หญิง"]),
        ("ราคา,ปริมาณ,เมือง", ["กรุงเทพ", "เชียงใหม่", "ภูเก็ต"]),
        ("อายุ,เงินเดือน,ผล", ["ใช่", "ไม่ใช่"]),
        ("อุณหภูมิ,ความชื้น,อากาศ", ["แดด", "ฝน", "เมฆ"]),
    ],
    "iso8859_7": [
        ("πλάτος,αριθμός,δέντρο", ["δρυς", "φτελιά", "μελία"]),
        ("Άνθος,ύψος,φύλο", ["άνδρας", "γυναίκα"]),
    ],
    "cp1254": [
        ("şehir,değer,sınıf", ["iyi", "kötü"]),
        ("genişlik,sayı,ağaç", ["meşe", "karaağaç", "dişbudak"]),
        ("boy,kilo,cinsiyet", ["kadın", "erkek"]),
        ("fiyat,miktar,şehir", ["İstanbul", "Ankara", "İzmir"]),
        ("sıcaklık,nem,hava", ["güneşli", "yağmurlu"]),
        ("Yaş,Maaş,Sonuç", ["Evet", "Hayır"]),
    ],
    "iso8859_9": [
        ("şehir,değer,sınıf", ["iyi", "kötü"]),
    ],
    "cp866": [
        ("ширина,число,дерево", ["дуб", "вяз", "ясень"]),
    ],
    "iso8859_5": [
        ("ширина,число,дерево", ["дуб", "вяз", "ясень"]),
    ],
    "iso8859_2": [
        ("szerokość,liczba,drzewo", ["dąb", "wiąz", "jesień"]),
    ],
}
CASES = [(encoding, head, labels) for encoding, tables in TABLES.items() for head, labels in tables]


def table(head: str, labels: list[str]) -> str:
    rows = [f"{4 + i * 0.37:.2f},{i % 9},{labels[i % len(labels)]}" for i in range(40)]
    return "\n".join([head, *rows, ""])


@pytest.mark.parametrize(("encoding", "head", "labels"), CASES, ids=[f"{e} {h}" for e, h, _ in CASES])
def test_short_tables_come_through(encoding: str, head: str, labels: list[str]) -> None:
    data = load_dataset(table(head, labels).encode(encoding), target=3)
    assert [column.name for column in data.columns] == head.split(",")
    assert set(data.class_names) == set(labels)
    assert any("encoding" in warning.kind for warning in data.warnings)


def test_a_close_guess_is_asked_about_and_settled_by_its_option() -> None:
    content = table("bredde,antall,tre", ["ek", "alm", "ask å"]).encode("cp1252")
    preview = inspect(content)
    guess = next(guess for guess in preview.guesses if guess.about == "encoding")
    assert guess.close
    assert guess.other is not None
    settled = load_dataset(content, **guess.other.options)
    assert not any("encoding" in warning.kind for warning in settled.warnings)


def test_damaged_utf8_is_no_other_encoding() -> None:
    content = table("größe,zahl,straße", ["eiche", "grün"]).encode() + b"5,6,gr\xffn\n"
    with pytest.raises(DatasetError) as raised:
        load_dataset(content)
    assert (raised.value.kind, raised.value.line) == ("bad_encoding", 42)


def test_what_may_be_two_encodings_is_shown_in_words() -> None:
    content = table("città,età,qualità", ["sì", "no"]).encode("cp1252")
    (guess,) = [guess for guess in inspect(content).guesses if guess.about == "encoding"]
    assert guess.close and guess.other is not None and "città" in guess.evidence
    assert "Windows-1252" in (guess.taken.text, guess.other.text)


def test_turkish_is_read_and_told() -> None:
    towns = ("İstanbul", "Ankara", "Muğla", "Çorum", "Eskişehir")
    rows = [f"{towns[i % 5]};{4 + i * 0.37:.2f};{('iyi', 'kötü')[i % 2]}" for i in range(40)]
    data = load_dataset("\n".join(["şehir;değer;sınıf", *rows]).encode("cp1254"))
    assert [column.name for column in data.columns] == ["şehir", "değer", "sınıf"]
    assert any("encoding" in warning.kind for warning in data.warnings)
