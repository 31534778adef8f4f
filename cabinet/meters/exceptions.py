class ReadingRefused(Exception):
    """`meter_pk` says whose; the reading is none that the meter could show, or nobody may send it.

    `reason`: meter, digits, lower, taken or day.
    """

    def __init__(self, meter_pk: int, reason: str) -> None:
        super().__init__(reason)
        self.meter_pk, self.reason = meter_pk, reason
