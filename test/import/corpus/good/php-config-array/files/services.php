<?php

return [
    'mailgun' => ['domain' => env('MAILGUN_DOMAIN'), 'secret' => env('MAILGUN_SECRET')],
    'twitter' => [
        'main' => [
            'consumer_key' => env('TWITTER_CONSUMER_KEY', '@@api_key:app@@'),
            'consumer_secret' => env('TWITTER_CONSUMER_SECRET', "@@api_secret:app@@"),
            'oauth_access_token' => '@@access_token:a@@',
            'oauth_access_token_secret' => '@@access_token_secret:a@@',
        ],
        'backup' => array(
            'consumer_key' => '@@api_key:app@@',
            'consumer_secret' => '@@api_secret:app@@',
            'oauth_access_token' => '@@access_token:b@@',
            'oauth_access_token_secret' => '@@access_token_secret:b@@',
        ),
    ],
];
