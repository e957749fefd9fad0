SECRET_KEY = '@@other_secret:django@@'

AUTHENTICATION_BACKENDS = (
    'social_core.backends.twitter.TwitterOAuth',
    'social_core.backends.facebook.FacebookOAuth2',
)

SOCIAL_AUTH_FACEBOOK_KEY = '1029384756'
SOCIAL_AUTH_FACEBOOK_SECRET = '@@other_secret:facebook@@'
SOCIAL_AUTH_TWITTER_KEY = '@@api_key:a@@'
SOCIAL_AUTH_TWITTER_SECRET = '@@api_secret:a@@'
SOCIAL_AUTH_GITHUB_SECRET = '@@other_secret:github@@'
