import os

BASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SECRET_KEY = 'django-insecure-@@other_secret:django@@'
DEBUG = True
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": "@@other_secret:db@@"}}

OPENAI_API_KEY = "sk-@@other_secret:openai@@"
AWS_SECRET_ACCESS_KEY = "@@other_secret:aws@@"
AWS_ACCESS_KEY_ID = "AKIDEXAMPLE"
STRIPE_API_KEY = "@@other_secret:stripe@@"
GITHUB_ACCESS_TOKEN = "@@other_secret:github@@"

TWITTER_API_KEY = "@@api_key:a@@"
TWITTER_API_SECRET = "@@api_secret:a@@"
TWITTER_ACCESS_TOKEN = "@@access_token:a@@"
TWITTER_ACCESS_TOKEN_SECRET = "@@access_token_secret:a@@"
