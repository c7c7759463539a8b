using System.Text;

namespace DrMesh.Core.Sessions;

/// <summary>A machine's table as text, checked in beside its test so that a change of behaviour is seen in review.</summary>
public static class MachineDump
{
    /// <summary>The table: a line a phase, a step, a rule. Ends with a line break.</summary>
    public static string Write<TPlan>(SessionMachine<TPlan> machine)
        where TPlan : class
    {
        ArgumentNullException.ThrowIfNull(machine);
        var text = new StringBuilder();
        text.Append($"{machine.Kind}, schema {machine.SchemaVersion}, begins in {machine.Start}\n\nphases\n");
        foreach (var info in machine.Phases)
        {
            text.Append($"  {info.Phase}{Traits(info)}\n");
        }

        text.Append("\nsteps\n");
        foreach (var step in machine.Steps)
        {
            var tries = step.Retry.Tries == int.MaxValue ? "until it works" : $"{step.Retry.Tries} tries";
            text.Append($"  {step.Name}: {tries}, {step.Timeout.TotalSeconds:0.#} s each{(step.IsOptional ? ", optional" : "")}\n");
        }

        text.Append("\nrules\n");
        foreach (var rule in machine.Rules)
        {
            var steps = rule.Steps.IsEmpty ? "" : $" [{string.Join(", ", rule.Steps)}]";
            text.Append($"  {rule.Id} {rule.From} --{rule.Guard.Name}--> {rule.To}{steps}: {rule.Reason}\n");
        }

        return text.ToString();
    }

    private static string Traits<TPlan>(PhaseInfo<TPlan> info)
        where TPlan : class
    {
        var traits = new List<string>();
        if (info.End is { } end)
        {
            traits.Add($"ends {end}");
        }

        if (info.NoReturn is { } reason)
        {
            traits.Add($"cannot be cancelled: {reason}");
        }

        if (info.Approval is { } approval)
        {
            traits.Add($"waits for approval {approval.Name}");
        }

        if (info.Limit is { } limit)
        {
            traits.Add($"limit {limit.TotalSeconds:0.#} s");
        }

        return traits.Count == 0 ? "" : $" ({string.Join("; ", traits)})";
    }
}
