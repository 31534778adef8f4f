from django.apps import AppConfig


class CaptchaConfig(AppConfig):
    name = "portal.captcha"
    verbose_name = "Проверка «Я не робот»"

    def ready(self) -> None:
        from portal.captcha.altcha import AltchaProvider
        from portal.captcha.base import register
        from portal.captcha.smartcaptcha import SmartCaptchaProvider
        from portal.captcha.testing import TestingProvider

        register(AltchaProvider())
        register(SmartCaptchaProvider())
        register(TestingProvider())
