"""Telling people from programs: `portal.captcha.fields.CaptchaField` in a form, a provider behind it."""
