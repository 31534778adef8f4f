"""Uploaded pictures: drawn anew without what is private or appended, or refused."""

import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from portal.uploads.pictures import PictureRules, picture_clean, picture_redraw
from tests.support.files import EXE, PDF, code_of, picture

PICTURES = PictureRules(max_pixels=1_000_000, longest_side=200)


def redraw(content: bytes, rules: PictureRules = PICTURES) -> bytes:
    return picture_redraw(io.BytesIO(content), len(content), rules)


# --- pictures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_are_drawn_anew_without_what_is_appended(kind):
    exif = Image.Exif()
    exif[0x010E] = "Pskov"
    exif[0x0112] = 6  # lies on its side
    content = redraw(picture((900, 600), kind, exif=exif) + b"secret")
    with Image.open(io.BytesIO(content)) as drawn:
        assert (drawn.format, drawn.size) == ("JPEG", (133, 200))
        assert not drawn.getexif()
    assert b"Pskov" not in content and b"secret" not in content


def test_transparency_stays_in_a_png():
    out = io.BytesIO()
    Image.new("RGBA", (20, 10), (0, 0, 0, 0)).save(out, "PNG")
    content = redraw(out.getvalue(), PictureRules(save_as="PNG"))
    with Image.open(io.BytesIO(content)) as drawn:
        assert drawn.getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_pictures_are_refused(kind):
    import weasyprint  # noqa: F401 — lets damaged pictures pass, in the whole process

    whole = picture((300, 200), kind)
    for length in (0, 1, 4, 12, 30, len(whole) // 2):
        assert code_of(redraw, whole[:length]) == "not_a_picture"
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        try:  # refused or drawn, never another failure
            redraw(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        except ValidationError:
            continue


@pytest.mark.parametrize("content", [b"", PDF, EXE, picture(kind="GIF"), b"<svg/>"])
def test_what_is_no_picture_is_refused(content):
    assert code_of(redraw, content) == "not_a_picture"


def test_pictures_have_limits_of_bytes_and_pixels():
    assert code_of(redraw, picture(), PictureRules(max_bytes=10)) == "too_large"
    assert code_of(redraw, picture((1001, 1000))) == "too_many_pixels"
    bomb = picture((20_000, 20_000))
    assert code_of(redraw, bomb, PictureRules(max_pixels=10**10)) == "too_many_pixels"


# --- pictures of a site, in their own format ---------------------------------------------------------

PRIVATE = b"Rizhsky 20"


def private_picture(kind: str, mode: str = "RGB") -> bytes:
    """A picture on its side, with a place, a comment, and bytes behind its end."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = PRIVATE.decode()
    exif.get_ifd(0x8825)[1] = PRIVATE.decode()
    notes = {
        "JPEG": {"comment": PRIVATE, "xmp": PRIVATE},
        "WEBP": {"xmp": PRIVATE},
        "GIF": {"comment": PRIVATE},
        "PNG": {"pnginfo": _png_notes()},
    }[kind]
    out = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.linear_gradient("L").resize((90, 60)).convert(mode).save(
        out, kind, exif=exif, icc_profile=profile, **notes
    )
    assert PRIVATE in out.getvalue()
    return out.getvalue() + PRIVATE


def _png_notes() -> PngInfo:
    notes = PngInfo()
    notes.add_text("Comment", PRIVATE.decode())
    return notes


def clean(content: bytes) -> Image.Image:
    drawn = picture_clean(io.BytesIO(content), len(content), PICTURES)
    return Image.open(io.BytesIO(drawn.content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_its_colours_and_side_and_nothing_private(kind):
    content = private_picture(kind)
    drawn = picture_clean(io.BytesIO(content), len(content), PICTURES).content
    assert PRIVATE not in drawn
    with Image.open(io.BytesIO(drawn)) as shown:
        assert (shown.format, shown.size) == (kind, (60, 90))
        assert shown.info["icc_profile"] and not shown.getexif()


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_moving_picture_goes_on_moving(kind):
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue", "green")]
    out = io.BytesIO()
    more = {"comment": PRIVATE} if kind == "GIF" else {}
    frames[0].save(
        out, kind, save_all=True, append_images=frames[1:], duration=[100, 200, 300], loop=0, **more
    )
    shown = clean(out.getvalue())
    assert shown.n_frames == 3 and shown.info["loop"] == 0 and "comment" not in shown.info
    for number, (red, green, blue) in enumerate([(255, 0, 0), (0, 0, 255), (0, 128, 0)]):
        shown.seek(number)
        seen = shown.convert("RGB").getpixel((20, 15))
        assert all(abs(a - b) < 12 for a, b in zip(seen, (red, green, blue), strict=True))


@pytest.mark.parametrize(
    ("kind", "mode", "kept"),
    [
        ("JPEG", "CMYK", "RGB"),
        ("JPEG", "L", "L"),
        ("PNG", "I;16", "I;16"),
        ("PNG", "P", "P"),
        ("PNG", "1", "1"),
        ("PNG", "LA", "LA"),
        ("WEBP", "RGBA", "RGBA"),
        ("GIF", "P", "P"),
    ],
)
def test_rare_pictures_are_taken(kind, mode, kept):
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, kind)
    assert clean(out.getvalue()).mode == kept


def test_a_telephones_double_picture_is_a_single_one():
    out = io.BytesIO()
    Image.new("RGB", (30, 20)).save(
        out, "MPO", save_all=True, append_images=[Image.new("RGB", (30, 20))]
    )
    shown = clean(out.getvalue())
    assert (shown.format, getattr(shown, "n_frames", 1)) == ("JPEG", 1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_cut_short_is_refused(kind):
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, kind)
    whole = out.getvalue()
    for length in (0, 1, 8, 12, 30, len(whole) // 2, len(whole) - 40):
        cut = io.BytesIO(whole[:length])
        assert code_of(picture_clean, cut, length, PICTURES) == "not_a_picture"


def test_moving_pictures_have_a_limit_of_all_their_pixels():
    frames = [Image.new("L", (300, 300), number) for number in range(12)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert code_of(picture_clean, out, len(out.getvalue()), PICTURES) == "too_many_pixels"
