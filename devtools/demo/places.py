from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
LOG = LOCAL / "log"
MAIL = LOCAL / "mail"
SAMPLES = ROOT / "samples"
