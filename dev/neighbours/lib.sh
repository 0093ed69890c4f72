# Where addons of the community are. Sourced after dev/lib.sh.

# community REQUIREMENTS...: the folder with the packages of these files, which is filled when they change.
community() {
    local home new
    home=$CACHE/neighbours-$(cat "$@" | sha256sum | cut -c1-16)
    if [ ! -d "$home" ]; then
        new=$(mktemp -d "$CACHE/neighbours.XXXXXX")
        # Without what they depend on: Odoo is there, and its own requirements.
        pip install --quiet --no-deps --target "$new" "${@/#/--requirement=}" 2>"$new/log" || { cat "$new/log" >&2 && die "the community addons cannot be had."; }
        mv -T "$new" "$home" 2>/dev/null || rm -rf "$new"
    fi
    echo "$home"
}

# likely_tests: tags of the tests of the addon that another addon is most likely to break
likely_tests() {
    local class
    # said of Odoo's own addons alone
    echo -n "-/contact_lifecycle:TestTraces.test_nobody_in_odoo_takes_part_in_making_the_rows,"
    for class in Access SearchGuard Settings StageDeletion Merge EnteringTheDefaultStage Conversation Lead StageAutomation \
        Traces TrackedElsewhere RuleEngine RuleFit ConnectedEvents Digest; do
        echo "/contact_lifecycle:Test$class"
    done | paste -sd,
}
