class ReadingRefused(Exception):
    """`meter_pk` says whose; the reading is none that the meter could show, or nobody may send it.

    `reason`: meter, digits, lower, taken, day, later (a later day has a lower one) or newer (the day's own
    was sent after this one had been typed).
    """

    def __init__(self, meter_pk: int, reason: str) -> None:
        super().__init__(reason)
        self.meter_pk, self.reason = meter_pk, reason
