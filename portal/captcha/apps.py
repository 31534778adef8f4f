from django.apps import AppConfig


class CaptchaConfig(AppConfig):
    name = "portal.captcha"
    verbose_name = "Проверка «Я не робот»"

    def ready(self) -> None:
        from portal.captcha.base import register
        from portal.captcha.contrib.altcha.provider import AltchaProvider
        from portal.captcha.contrib.smartcaptcha.provider import SmartCaptchaProvider
        from portal.captcha.contrib.testing.provider import TestingProvider

        register(AltchaProvider())
        register(SmartCaptchaProvider())
        register(TestingProvider())
