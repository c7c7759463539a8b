using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;

namespace DrMesh.Console.Commands.Estate;

/// <summary>Plans and applies a file that was found good here; the mesh checks it again.</summary>
internal static class EstateApply
{
    /// <summary>Shows the errors of a file that can be neither planned nor applied; returns the exit code.</summary>
    public static int Refuse(CommandContext context, EstateFile file) => Refuse(context, file.Name, [.. file.Reading.Findings]);

    /// <summary>Shows what applying would do.</summary>
    public static async Task<int> PlanAsync(CommandContext context, IEstateGrain grain, EstateFile file, CancellationToken cancellationToken)
    {
        var plan = await grain.Plan(Source(file), cancellationToken);
        context.Show(plan, _ =>
        {
            FindingsView.Write(context.Terminal, file.Name, plan.Findings);
            PlanView.Write(context.Terminal, file.Name, plan);
        });
        return HasErrors(plan.Findings) ? ExitCodes.For(DrMeshError.EstateInvalid) : ExitCodes.Done;
    }

    /// <summary>Shows the plan, asks unless <paramref name="isAgreed"/>, and applies it.</summary>
    public static async Task<int> RunAsync(
        CommandContext context, IEstateGrain grain, EstateFile file, bool isAgreed, string? reason, CancellationToken cancellationToken)
    {
        var plan = await grain.Plan(Source(file), cancellationToken);
        if (HasErrors(plan.Findings))
        {
            return Refuse(context, file.Name, [.. plan.Findings]);
        }

        var isText = context.Format == Output.OutputFormat.Text;
        if (isText)
        {
            FindingsView.Write(context.Terminal, file.Name, plan.Findings);
            PlanView.Write(context.Terminal, file.Name, plan);
        }

        if (!plan.Changes.IsEmpty && !isAgreed && !(isText && context.Confirm("Apply this?")))
        {
            throw new DrMeshException(DrMeshError.ApprovalRequired, $"{file.Name} was not applied: nobody agreed to its {PlanView.Number(plan.Changes.Length, "change")}", "repeat with --yes to apply it without a question");
        }

        var result = await grain.Apply(
            new ApplyEstate { Source = Source(file), ExpectedVersion = plan.BaseVersion, OperationId = Guid.NewGuid(), Reason = reason }, cancellationToken);
        return Report(context, file, plan, result);
    }

    private static int Report(CommandContext context, EstateFile file, EstatePlan plan, ApplyResult result)
    {
        switch (result.Outcome)
        {
            case ApplyOutcome.Refused:
                return Refuse(context, file.Name, [.. result.Findings]);
            case ApplyOutcome.Conflict:
                throw new DrMeshException(
                    DrMeshError.EstateConflict,
                    $"somebody else applied version {result.Version} since this plan, which was made against version {plan.BaseVersion}; nothing was changed",
                    "look at drmesh estate history, take their change into the file, and repeat");
            default:
                context.Show(result, _ =>
                {
                    if (result.Outcome == ApplyOutcome.Applied)
                    {
                        context.Terminal.Output.WriteLine($"applied as version {result.Version}: {PlanView.Summary(result.Changes)}");
                    }
                    else if (!plan.Changes.IsEmpty)
                    {
                        context.Terminal.Output.WriteLine($"nothing to change: version {result.Version} is already so");
                    }
                });
                return ExitCodes.Done;
        }
    }

    private static int Refuse(CommandContext context, string name, IReadOnlyList<EstateFinding> findings)
    {
        context.Show(new { file = name, isValid = false, findings }, _ =>
        {
            FindingsView.Write(context.Terminal, name, findings);
            context.Terminal.Error.WriteLine($"drmesh: {FindingsView.Count(findings)} in {name}, nothing was changed; mend them and repeat");
        });
        return ExitCodes.For(DrMeshError.EstateInvalid);
    }

    private static bool HasErrors(IEnumerable<EstateFinding> findings) => findings.Any(finding => finding.Severity == FindingSeverity.Error);

    private static EstateSource Source(EstateFile file) => new() { FileName = file.Name, Text = file.Text ?? "" };
}
