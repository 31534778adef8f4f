"""Photos of bills: a real payment code on a sheet, turned, out of focus, noisy. The same at every run."""

import hashlib
import io

from PIL import Image, ImageDraw, ImageFilter

PSKOV_INN = "6027000009"
BILL = {
    "Name": "ООО «Газпром межрегионгаз Псков»",
    "PersonalAcc": "40702810600000012345",
    "BankName": "Псковский филиал АО «Пример-Банк»",
    "BIC": "045805999",
    "CorrespAcc": "30101810000000000999",
    "PayeeINN": PSKOV_INN,
    "KPP": "602701001",
    "Sum": "446128",
    "Purpose": "Оплата газа за ноябрь 2026 г.",
    "PersAcc": "805107",
    "PaymPeriod": "112026",
    "LastName": "Осипова",
    "FirstName": "Елена",
    "MiddleName": "Григорьевна",
    "PayerAddress": "180016, г. Псков, Рижский пр., д. 64, кв. 17",
    "TechCode": "02",
}


def bill_sheet(*codes: Image.Image, size: tuple[int, int] = (2480, 3508)) -> Image.Image:
    """Return a page with lines of print and the codes one below another."""
    sheet = Image.new("L", size, 245)
    draw = ImageDraw.Draw(sheet)
    for line in range(40):
        top = 1400 + line * 50
        draw.text((200, top), "Лицевой счёт 805107, начислено 4 461,28 ₽", fill=40, font_size=34)
    for place, code in enumerate(codes):
        sheet.paste(code, (1500, 150 + place * 900))
    return sheet


def photo(
    sheet: Image.Image,
    *,
    turned: float = 0,
    long_side: int = 4000,
    blurred: float = 0,
    noise: float = 0.0,
    shadow: bool = False,
    orientation: int = 1,
    kind: str = "JPEG",
    quality: int = 80,
) -> bytes:
    """Return what a telephone makes of a sheet: `noise` is the part of each point that chance gives."""
    seen = sheet.rotate(turned, expand=True, fillcolor=90, resample=Image.Resampling.BICUBIC)
    scale = long_side / max(seen.size)
    seen = seen.resize((round(seen.width * scale), round(seen.height * scale)))
    if blurred:
        seen = seen.filter(ImageFilter.GaussianBlur(blurred))
    if shadow:
        dark = Image.linear_gradient("L").resize(seen.size).point(lambda point: 60 + point // 3)
        seen = Image.blend(seen, dark, 0.55)
    if noise:
        grain = hashlib.shake_128(b"grain").digest(seen.width * seen.height)
        seen = Image.blend(seen, Image.frombytes("L", seen.size, grain), noise)
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    seen.convert("RGB").save(out, kind, quality=quality, exif=exif)
    return out.getvalue()
