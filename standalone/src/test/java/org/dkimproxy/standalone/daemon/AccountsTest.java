package org.dkimproxy.standalone.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By the accounts that every Unix has. */
class AccountsTest {
    @Test
    void user_is_found_by_name_and_by_number() throws IOException {
        assertThat(Accounts.user("root")).contains(new Account("root", 0, OptionalInt.of(0)));
        assertThat(Accounts.user("0")).isEqualTo(Accounts.user("root"));
        assertThat(Accounts.user("root").map(Account::toString)).contains("user root (uid 0)");
    }

    @Test
    void number_is_a_user_without_an_account_too() throws IOException {
        assertThat(Accounts.user("4294967294"))
                .contains(new Account("4294967294", -2, OptionalInt.empty()))
                .map(Account::toString)
                .contains("user 4294967294 (uid 4294967294)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-name", "4294967295", "99999999999", "-1", "", "0x0", "r\u00f6t"})
    void what_is_neither_name_nor_number_is_not_found(String text) throws IOException {
        assertThat(Accounts.user(text)).isEmpty();
        assertThat(Accounts.group(text)).isEmpty();
    }

    @Test
    void group_is_found_by_name_and_by_number() throws IOException {
        assertThat(Accounts.group("0")).hasValue(0);
        assertThat(Accounts.group("54321")).hasValue(54_321);
        assertThat(Accounts.group("daemon")).isPresent().isNotEqualTo(OptionalInt.of(0));
    }

    @Test
    void login_group_of_a_user_comes_first() throws IOException {
        assertThat(Accounts.groupsOf(Accounts.user("root").orElseThrow()))
                .startsWith(0)
                .doesNotHaveDuplicates();
        assertThat(Accounts.groupsOf(Accounts.user("54321").orElseThrow())).isEmpty();
    }
}
