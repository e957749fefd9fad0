<?php
define('CONSUMER_KEY', 'YOUR_CONSUMER_KEY');
define('CONSUMER_SECRET', getenv('CONSUMER_SECRET'));
$access_token = "$token";
$access_token_secret = '';
