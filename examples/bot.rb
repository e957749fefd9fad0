# Posts a text on X with Ruby's standard library alone. The keys come from the environment, and twvault puts them there:
#   twvault exec -- ruby examples/bot.rb                   which account is it?
#   twvault exec -- ruby examples/bot.rb 'Hello, world'    post as that account
require "erb"
require "json"
require "net/http"
require "openssl"
require "securerandom"

API = "https://api.x.com"

# The four keys of OAuth 1.0a, and requests that they sign.
class Client
  NAMES = %w[TWITTER_API_KEY TWITTER_API_SECRET TWITTER_ACCESS_TOKEN TWITTER_ACCESS_TOKEN_SECRET]

  def initialize(environment)
    missing = NAMES.find { |name| environment.fetch(name, "").empty? }
    abort "bot: #{missing} is not set\nbot: run: twvault exec -- ruby examples/bot.rb" if missing
    @api_key, @api_secret, @access_token, @access_token_secret = environment.values_at(*NAMES)
  end

  def get(path) = call(Net::HTTP::Get.new(URI(API + path)))

  def post(path, body)
    request = Net::HTTP::Post.new(URI(API + path), "Content-Type" => "application/json")
    request.body = JSON.generate(body)
    call(request)
  end

  private

  def call(request)
    request["Authorization"] = authorization(request.method, request.uri.to_s)
    answer = Net::HTTP.start(request.uri.host, use_ssl: true) { |http| http.request(request) }
    return JSON.parse(answer.body) if answer.is_a?(Net::HTTPSuccess)

    abort "bot: X did not take it: #{answer.code} #{answer.body}"
  end

  # The header of RFC 5849 for a request without parameters of its own; a body of JSON is not part of the signature.
  def authorization(method, address)
    parameters = {
      "oauth_consumer_key" => @api_key,
      "oauth_nonce" => SecureRandom.hex(16),
      "oauth_signature_method" => "HMAC-SHA1",
      "oauth_timestamp" => Time.now.to_i.to_s,
      "oauth_token" => @access_token,
      "oauth_version" => "1.0",
    }
    list = parameters.sort.map { |name, value| "#{name}=#{escape(value)}" }.join("&")
    base = [method, address, list].map { |part| escape(part) }.join("&")
    key = "#{escape(@api_secret)}&#{escape(@access_token_secret)}"
    parameters["oauth_signature"] = [OpenSSL::HMAC.digest("SHA1", key, base)].pack("m0")
    "OAuth #{parameters.map { |name, value| "#{name}=\"#{escape(value)}\"" }.join(", ")}"
  end

  # All but RFC 3986's unreserved characters.
  def escape(text) = ERB::Util.url_encode(text)
end

client = Client.new(ENV)
username = client.get("/2/users/me").dig("data", "username")
if (text = ARGV.first)
  client.post("/2/tweets", text: text)
  puts "posted as @#{username}: #{text}"
else
  puts "these are the keys of @#{username}"
end
