import { RequestFailure } from './failure-response.ts'

/** Who names the user that he thinks he is (`?user=`) gets nothing of another one's. @throws RequestFailure `wrong_user` */
export function checkNamed(request: Request, user: string): void {
  const named = new URL(request.url).searchParams.get('user')
  if (named !== null && named !== user) throw new RequestFailure('wrong_user', 'The request is of another user than its token.')
}
