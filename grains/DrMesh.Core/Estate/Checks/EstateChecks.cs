using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Reading;

namespace DrMesh.Core.Estate.Checks;

/// <summary>What must hold between the values of an estate, beyond what each value says by itself.</summary>
internal static class EstateChecks
{
    /// <summary>Runs every check.</summary>
    public static void Run(EstateDocument estate, Findings findings)
    {
        var context = new CheckContext(estate, findings);
        ReferenceChecks.Run(context);
        MemberChecks.Run(context);
        DurabilityChecks.Run(context);
        FailoverChecks.Run(context);
        MongoDbChecks.Run(context);
        RepositoryChecks.Run(context);
        BackupChecks.Run(context);
        ServiceChecks.Run(context);
        ApplicationChecks.Run(context);
        ScheduleChecks.Run(context);
        if (!findings.HasErrors)
        {
            ReferenceChecks.RunUnused(context);
        }
    }
}
