# Signs a batch of messages with Mail::DKIM, driven the way a filter with a policy callback drives it.
#
# maildkim-sign.pl JOBS LIST
#   JOBS  lines "job TAB dkim|domainkeys TAB algorithm TAB method TAB selector TAB domain TAB identity TAB keyfile";
#         lines of one job stand together: its signatures are made in one pass, in this order; identity may be empty
#   LIST  lines "name TAB file"; files hold CRLF line ends
# Writes "name TAB job TAB field TAB base64 of the field", or "name TAB job TAB error TAB text".
use strict;
use warnings;
use Mail::DKIM::Signer;
use Mail::DKIM::Signature;
use Mail::DKIM::DkSignature;
use Mail::DKIM::TextWrap;    # without it nothing is folded
use MIME::Base64 qw(encode_base64);

my ($jobs, $list) = @ARGV;
my (@order, %signatures);
open my $in, '<', $jobs or die "$jobs: $!\n";
while (my $line = <$in>) {
    chomp $line;
    my ($job, @wanted) = split /\t/, $line, -1;
    push @order, $job unless $signatures{$job};
    push @{ $signatures{$job} }, \@wanted;
}
close $in;

sub signature_for {
    my ($signer, $type, $algorithm, $method, $selector, $domain, $identity, $keyfile) = @_;
    my $class = $type eq 'dkim' ? 'Mail::DKIM::Signature' : 'Mail::DKIM::DkSignature';
    return $class->new(
        Algorithm => $algorithm,
        Method    => $method,
        Headers   => $signer->headers,
        Domain    => $domain,
        Selector  => $selector,
        Key       => Mail::DKIM::PrivateKey->load(File => $keyfile),
        $identity ne '' ? (Identity => $identity) : (),
    );
}

binmode STDOUT;
open my $names, '<', $list or die "$list: $!\n";
while (my $line = <$names>) {
    chomp $line;
    my ($name, $file) = split /\t/, $line, 2;
    foreach my $job (@order) {
        my $policy = sub {
            my ($signer) = @_;
            $signer->add_signature(signature_for($signer, @$_)) foreach @{ $signatures{$job} };
            return;
        };
        my $signer = eval {
            my $made = Mail::DKIM::Signer->new(Policy => $policy);
            open my $message, '<:raw', $file or die "$file: $!\n";
            while (defined(my $text = <$message>)) {
                $made->PRINT($text);
            }
            $made->CLOSE;
            $made;
        };
        if (!$signer) {
            my $problem = $@;
            $problem =~ s/\s+/ /g;
            print join("\t", $name, $job, 'error', $problem), "\n";
            next;
        }
        print join("\t", $name, $job, 'field', encode_base64($_->as_string, '')), "\n" foreach $signer->signatures;
    }
}
