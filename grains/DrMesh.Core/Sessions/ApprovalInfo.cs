namespace DrMesh.Core.Sessions;

/// <summary>What a phase waits for a person to approve.</summary>
/// <typeparam name="TPlan">The session's plan.</typeparam>
/// <param name="Name">The approval's name within the session.</param>
/// <param name="Question">What is approved and what follows, with values.</param>
/// <param name="Approvers">How many different people must approve.</param>
public sealed record ApprovalInfo<TPlan>(string Name, Func<SessionState<TPlan>, string> Question, Func<SessionState<TPlan>, int> Approvers)
    where TPlan : class;
