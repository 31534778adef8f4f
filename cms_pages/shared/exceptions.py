from portal.jobs import JobFailed


class SharedRefused(JobFailed):
    """It cannot be done, and trying again would not help; the reason is in Russian."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, for_good=True)
