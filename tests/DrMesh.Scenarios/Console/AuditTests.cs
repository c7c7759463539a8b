using System.Text.Json;
using DrMesh.Contracts.Errors;

namespace DrMesh.Scenarios.Console;

/// <summary><c>drmesh audit list|verify</c> on a mesh whose trail somebody changes.</summary>
[Collection(nameof(CommandMesh))]
public sealed class AuditTests(CommandMesh mesh)
{
    [Fact]
    public async Task ListAndVerify_TrailChangedAndCutOff_NameTheRow()
    {
        var file = await mesh.WriteAsync("audited.yaml", CommandMesh.Estate.Replace("127.0.0.2", "127.0.0.9", StringComparison.Ordinal));
        (await mesh.RunAsync("estate", "apply", file, "--yes", "--reason", "for the audit")).ExitCode.ShouldBe(ExitCodes.Done);

        var list = await mesh.RunAsync("audit", "list", "--action", "estate.apply", "--actor", "admin", "--limit", "2", "--output", "json");
        list.ExitCode.ShouldBe(ExitCodes.Done, list.Error);
        var rows = JsonDocument.Parse(list.Output).RootElement.EnumerateArray().ToList();
        rows.Select(row => row.GetProperty("outcome").GetString()).ShouldBe(["done", "intended"]);
        rows.ShouldAllBe(row => row.GetProperty("reason").GetString() == "for the audit");
        (await mesh.RunAsync("audit", "list", "--since", "2999-01-01")).Output.ShouldBe("no row\n");
        var badTime = await mesh.RunAsync("audit", "list", "--since", "yesterday");
        (badTime.ExitCode, badTime.Error).ShouldBe(
            (ExitCodes.Usage, "drmesh: \"yesterday\" is not a time; expected one such as 2026-11-24 or 2026-11-24T08:00:00Z; see drmesh audit list --help\n"));

        var sound = await mesh.RunAsync("audit", "verify");
        sound.ExitCode.ShouldBe(ExitCodes.Done, sound.Error);
        var head = sound.Output.TrimEnd().Split(' ')[^1];
        (await mesh.RunAsync("audit", "verify", "--expect-head", head)).ExitCode.ShouldBe(ExitCodes.Done);

        var last = rows[0].GetProperty("sequence").GetInt64();
        await TamperAsync($"update drmesh.audit set actor = 'nobody' where sequence = {last}");
        var changed = await mesh.RunAsync("audit", "verify");
        changed.ExitCode.ShouldBe(ExitCodes.Failed);
        changed.Error.ShouldContain($"the audit trail is broken: row {last} ");
        await TamperAsync($"update drmesh.audit set actor = 'admin' where sequence = {last}");
        (await mesh.RunAsync("audit", "verify", "--expect-head", head)).ExitCode.ShouldBe(ExitCodes.Done, "as it was");

        await TamperAsync($"create table kept as select * from drmesh.audit where sequence = {last}; delete from drmesh.audit where sequence = {last}");
        (await mesh.RunAsync("audit", "verify")).ExitCode.ShouldBe(ExitCodes.Done, "a chain cannot show that its end is missing");
        var cut = await mesh.RunAsync("audit", "verify", "--expect-head", head);
        cut.ExitCode.ShouldBe(ExitCodes.Failed);
        cut.Error.ShouldContain($"no row has the expected head {head}; the trail ends with row {last - 1}");
        await TamperAsync("insert into drmesh.audit select * from kept; drop table kept");
    }

    // What an owner of the database could do.
    private Task<object?> TamperAsync(string sql) => mesh.AsSuperuserAsync(
        $"alter table drmesh.audit disable trigger audit_append_only; {sql}; alter table drmesh.audit enable always trigger audit_append_only");
}
