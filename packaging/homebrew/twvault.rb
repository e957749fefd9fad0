class Twvault < Formula
  desc "Encrypted credential vault and runner for the X (Twitter) API"
  homepage "@HOMEPAGE@"
  version "@VERSION@"
  license "MIT"

  on_macos do
    on_arm do
      url "@RELEASES@/download/v@VERSION@/twvault-darwin-arm64"
      sha256 "@SHA256 twvault-darwin-arm64@"
    end
    on_intel do
      url "@RELEASES@/download/v@VERSION@/twvault-darwin-x64"
      sha256 "@SHA256 twvault-darwin-x64@"
    end
  end

  on_linux do
    on_arm do
      url "@RELEASES@/download/v@VERSION@/twvault-linux-arm64"
      sha256 "@SHA256 twvault-linux-arm64@"
    end
    on_intel do
      url "@RELEASES@/download/v@VERSION@/twvault-linux-x64"
      sha256 "@SHA256 twvault-linux-x64@"
    end
  end

  def install
    bin.install Dir["twvault-*"].first => "twvault"
    chmod 0755, bin/"twvault"
    generate_completions_from_executable(bin/"twvault", "completion", shells: [:bash, :zsh, :fish])
  end

  test do
    ENV["TWVAULT_HOME"] = testpath/"vault"
    assert_equal version.to_s, shell_output("#{bin}/twvault --version").strip
    system bin/"twvault", "init", "--store", "file", "--identity-out", testpath/"identity.txt"
    assert_path_exists testpath/"vault/vault.json"
  end
end
