# Judges every DKIM-Signature and DomainKey-Signature of a batch of messages with Mail::DKIM.
#
# maildkim-verify.pl KEYS LIST
#   KEYS  lines "selector._domainkey.domain record"
#   LIST  lines "name TAB file"; files hold CRLF line ends
# Writes "name TAB selector TAB pass|fail TAB detail", one line for each signature.
use strict;
use warnings;
use Mail::DKIM::Verifier;

my ($keys, $list) = @ARGV;
my %record;
open my $in, '<', $keys or die "$keys: $!\n";
while (my $line = <$in>) {
    chomp $line;
    my ($name, $text) = split / /, $line, 2;
    $record{lc $name} = $text;
}
close $in;

{
    # Stands in for Net::DNS::RR::TXT.
    package TxtRecord;
    sub type { 'TXT' }
    sub txtdata { ($_[0]{text}) }
}
{
    no warnings 'redefine';
    *Mail::DKIM::DNS::query = sub {
        my ($name) = @_;
        my $text = $record{lc $name};
        return defined $text ? bless({ text => $text }, 'TxtRecord') : ();
    };
}

binmode STDOUT;
open my $names, '<', $list or die "$list: $!\n";
while (my $line = <$names>) {
    chomp $line;
    my ($name, $file) = split /\t/, $line, 2;
    my $verifier = Mail::DKIM::Verifier->new;
    my $fed = eval {
        open my $message, '<:raw', $file or die "$file: $!\n";
        while (defined(my $text = <$message>)) {
            $verifier->PRINT($text);
        }
        $verifier->CLOSE;
        1;
    };
    my $problem = $fed ? '' : $@;
    foreach my $signature ($verifier->signatures) {
        my $result = $signature->result || 'none';
        my $detail = $signature->result_detail || $problem;
        $detail =~ s/\s+/ /g;
        print join("\t", $name, $signature->selector // '', $result eq 'pass' ? 'pass' : 'fail', $detail), "\n";
    }
}
