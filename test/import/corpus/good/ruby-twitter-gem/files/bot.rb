#!/usr/bin/env ruby
# config.consumer_key = "@@api_key:old@@"
require 'twitter'

STRIPE_SECRET = '@@other_secret@@'.freeze

main = Twitter::REST::Client.new do |config|
  config.consumer_key        = "@@api_key:app@@"
  config.consumer_secret     = "@@api_secret:app@@"
  config.access_token        = ENV['TWITTER_ACCESS_TOKEN'] || '@@access_token:a@@'
  config.access_token_secret = ENV.fetch('TWITTER_ACCESS_TOKEN_SECRET', "@@access_token_secret:a@@")
end

if ARGV.include?('--backup') then puts "as #{main.user.name}" end

backup = Twitter::REST::Client.new(
  :consumer_key => '@@api_key:app@@',
  :consumer_secret => '@@api_secret:app@@',
  access_token: '@@access_token:b@@',
  access_token_secret: '@@access_token_secret:b@@'
)

backup.update("hello")
