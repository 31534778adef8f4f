"""Captcha: `portal.captcha.fields.CaptchaField` in a form, a provider behind it."""
